import assert from 'node:assert/strict';
import type { Actor } from '../../src/kernel/actor.js';
import { HOUR } from '../../src/kernel/clock.js';
import { hashToken, newToken } from '../../src/kernel/ids.js';
import { testActor } from '../support/kernel.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

interface Line {
  caseId: string;
  number: string;
}

describe('reading cases', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());
  const list = async (query: string, who: Actor = world.staff.agent) =>
    (await world.as(who).get(`/api/cases${query}`).expect(200)).body as { cases: Line[]; next?: string };

  it('pages through all of them, newest first, without repeating or losing one while others are opened', async () => {
    const opened: string[] = [];
    for (let count = 0; count < 7; count += 1) opened.push((await world.open({}))._id);
    const seen: string[] = [];
    let query = '?limit=3';
    for (;;) {
      const page = await list(query);
      seen.push(...page.cases.map(({ caseId }) => caseId));
      await world.open({});
      if (page.next === undefined) break;
      query = `?limit=3&cursor=${page.next}`;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(
      seen.filter((id) => opened.includes(id)),
      opened.toReversed(),
    );
  });

  it('filters by state, step, kind, assignee and number as people write it', async () => {
    const { doc } = await world.frozen();
    const ids = async (query: string, who?: Actor) => (await list(query, who)).cases.map(({ caseId }) => caseId);
    assert.deepEqual(await ids('?state=freeze-account.frozen'), [doc._id]);
    assert.deepEqual(await ids('?state=freeze-account'), [doc._id]);
    assert.equal((await ids('?state=closed')).length, 0);
    assert.equal((await ids('?kind=phishing')).length, 0);
    assert.deepEqual(await ids(`?number=${encodeURIComponent(doc.number.toLowerCase().replaceAll('-', ' '))}`), [
      doc._id,
    ]);
    assert.equal((await ids('?number=FB-0000-0000-1')).length, 0);
    await world
      .as(world.staff.agent)
      .plain(`/api/cases/${doc._id}/assignment`, { personId: world.staff.agent.id })
      .expect(200);
    assert.deepEqual(await ids('?assigned=me'), [doc._id]);
    assert.deepEqual(await ids(`?assigned=${world.staff.agent.id}`, world.staff.analyst), [doc._id]);
    assert.equal((await ids('?assigned=nobody')).includes(doc._id), false);
  });

  it('lists what is under legal hold and since when, to staff alone', async () => {
    const { doc, customer } = await world.frozen();
    const path = `/api/cases/${doc._id}/legal-hold`;
    await world.as(world.staff.compliance).post(path, REASON).expect(200);
    const { cases } = await list('?legalHold=true', world.staff.compliance);
    assert.deepEqual(
      cases.map(({ caseId }) => caseId),
      [doc._id],
    );
    const since = (cases[0] as unknown as { legalHoldSince: string }).legalHoldSince;
    assert.equal(since, (await world.case(doc._id)).legalHold?.setAt.toISOString());
    const own = await list('?legalHold=true', customer);
    assert.equal(own.cases.length, 1, 'the filter says nothing to a customer');
    assert.doesNotMatch(JSON.stringify(own), /legalHold/);
    await world.as(world.staff.compliance).post(`${path}/lifting`, REASON).expect(200);
    assert.deepEqual((await list('?legalHold=true', world.staff.compliance)).cases, []);
  });

  it('shows a customer their own cases and nothing of who works on them', async () => {
    const { doc, customer } = await world.frozen();
    const { cases } = await list('', customer);
    assert.deepEqual(
      cases.map(({ caseId }) => caseId),
      [doc._id],
    );
    const own = (await world.as(customer).get(`/api/cases/${doc._id}`).expect(200)).body;
    for (const name of ['assignee', 'allowed', 'approvals', 'customerId', 'accountId', 'workflow', 'version'])
      assert.equal(Object.hasOwn(own, name), false, name);
    assert.equal(own.freezes[0].receipt, undefined);
  });

  it('answers for the case of another customer exactly as for one that is not there', async () => {
    const { doc } = await world.frozen();
    const { actor } = await world.customer();
    const absent = `case_${'0'.repeat(24)}`;
    for (const path of ['', '/timeline']) {
      const theirs = await world.as(actor).get(`/api/cases/${doc._id}${path}`).expect(404);
      const none = await world.as(actor).get(`/api/cases/${absent}${path}`).expect(404);
      assert.deepEqual({ ...theirs.body, requestId: '' }, { ...none.body, requestId: '' });
    }
    await world.as(actor).plain(`/api/cases/${doc._id}/messages`, { text: 'let me in' }).expect(404);
  });

  it('refuses operators, unknown fields and cursors it did not make', async () => {
    const { agent } = world.staff;
    for (const query of [
      '?state[$ne]=closed',
      '?kind=nonsense',
      '?limit=0',
      '?limit=101',
      '?unknown=1',
      '?assigned=%24ne',
      '?cursor=bm90IGEgY3Vyc29y',
      '?cursor=*',
    ])
      await world.as(agent).get(`/api/cases${query}`).expect(400);
    await world.as(agent).get('/api/cases/$ne').expect(400);
    const { doc } = await world.frozen();
    for (const body of [
      { audience: { $ne: 1 }, text: 'x' },
      { text: { $gt: '' } },
      { text: 'x', more: 1 },
      { text: '' },
      { text: 'x'.repeat(5_001) },
      { text: 'a\u0000b' },
      { text: '\ud800' },
    ])
      await world.as(agent).plain(`/api/cases/${doc._id}/messages`, body).expect(400);
  });

  it('keeps in the log who of staff looked at a case they do not work on, once an hour', async () => {
    const { doc, customer } = await world.frozen();
    const path = `/api/cases/${doc._id}`;
    const { agent, compliance } = world.staff;
    const views = async () =>
      (await world.kernel.events('case.viewed')).filter(({ caseId }) => caseId === doc._id).length;
    await world.as(customer).get(path).expect(200);
    assert.equal(await views(), 0);
    await Promise.all([1, 2, 3].map(() => world.as(agent).get(path).expect(200)));
    await world.as(agent).get(`${path}/timeline`).expect(200);
    assert.equal(await views(), 1);
    await world.as(compliance).get(`${path}/timeline`).expect(200);
    assert.equal(await views(), 2);
    world.kernel.ctx.clock.advance(HOUR);
    await world.as(agent).get(path).expect(200);
    assert.equal(await views(), 3);
    world.kernel.ctx.clock.advance(HOUR);
    await world.as(agent).plain(`${path}/assignment`, { personId: agent.id }).expect(200);
    await world.as(agent).get(path).expect(200);
    assert.equal(await views(), 3);
  });

  it('tells the customer that staff wrote, and not a word of what; a note and the own message tell nobody', async () => {
    const { doc, customer } = await world.frozen();
    const path = `/api/cases/${doc._id}/messages`;
    const before = world.mails.length;
    await world.as(world.staff.agent).plain(path, { text: 'a note' }).expect(201);
    await world.as(customer).plain(path, { text: 'my answer' }).expect(201);
    await world.as(world.staff.agent).plain(path, { audience: 'customer', text: 'Call me at once.' }).expect(201);
    await world.settle();
    const told = world.mails.slice(before);
    assert.deepEqual(
      told.map(({ template, params }) => [template, params]),
      [['message-waiting', { caseNumber: doc.number }]],
    );
  });

  it('lets no customer fill a case so that staff could write no more', async () => {
    const { doc, customer } = await world.frozen();
    const path = `/api/cases/${doc._id}/messages`;
    const { _id: caseId } = doc;
    const rows = Array.from({ length: 1_000 }, (_, n) => ({
      _id: `message_${caseId}_${n}`,
      caseId,
      audience: 'customer',
      from: 'customer',
      authorId: customer.id,
      text: 'again',
      at: new Date(),
    }));
    await world.ctx.db.connection.collection('caseMessages').insertMany(rows as never);
    assert.equal((await world.as(customer).plain(path, { text: 'more' }).expect(409)).body.code, 'case_full');
    await world.as(world.staff.agent).plain(path, { audience: 'customer', text: 'We have read it.' }).expect(201);
  });

  it('keeps notes among staff from the customer, and every character of a message as it was written', async () => {
    const { doc, customer } = await world.frozen();
    const path = `/api/cases/${doc._id}`;
    const strange = '你好 \u202Eevil\u202C <b>&"\n\t😀';
    await world.as(world.staff.agent).plain(`${path}/messages`, { text: 'looks like the third this week' }).expect(201);
    await world
      .as(world.staff.agent)
      .plain(`${path}/messages`, { audience: 'customer', text: 'Please send a photo.' })
      .expect(201);
    await world.as(customer).plain(`${path}/messages`, { audience: 'staff', text: strange }).expect(201);
    const texts = async (who: Actor) =>
      (await world.as(who).get(`${path}/timeline`).expect(200)).body.entries.flatMap(
        (entry: { message?: { text: string } }) => entry.message?.text ?? [],
      );
    assert.deepEqual(await texts(customer), ['Please send a photo.', strange]);
    assert.deepEqual(await texts(world.staff.analyst), [
      'looks like the third this week',
      'Please send a photo.',
      strange,
    ]);
    await world.as(world.staff.compliance).plain(`${path}/messages`, { text: 'I only read' }).expect(403);
  });

  it('tells the story in order, and to the customer without names', async () => {
    const { doc, customer } = await world.frozen();
    await world
      .as(world.staff.agent)
      .plain(`/api/cases/${doc._id}/assignment`, { personId: world.staff.analyst.id })
      .expect(200);
    const { body } = await world.as(customer).get(`/api/cases/${doc._id}/timeline`).expect(200);
    assert.deepEqual(
      body.entries.map(({ event }: { event: string }) => event),
      ['case.opened', 'freeze.confirmed'],
    );
    assert.deepEqual(
      body.entries.map(({ by }: { by: object }) => by),
      [{ side: 'customer' }, { side: 'system' }],
    );
    assert.equal(body.entries[1].title.en, 'Frozen');
    const staff = await world.as(world.staff.compliance).get(`/api/cases/${doc._id}/timeline`).expect(200);
    assert.equal(staff.body.entries.at(-1).by.id, world.staff.agent.id);
  });

  it('follows a case by its secret and by nothing else', async () => {
    const token = newToken();
    const anonymous = testActor({ kind: 'anonymous', id: 'anonymous' });
    const doc = await world.open({ trackingHash: hashToken(token) });
    const { body } = await world.as(anonymous).get('/api/tracking').set('Tracking-Token', token).expect(200);
    assert.deepEqual(Object.keys(body).sort(), ['next', 'number', 'openedAt', 'status', 'title']);
    assert.equal(body.number, doc.number);
    for (const wrong of [newToken(), doc.number, '', 'x'.repeat(5_000), hashToken(token)])
      assert.equal(
        (await world.as(anonymous).get('/api/tracking').set('Tracking-Token', wrong).expect(404)).body.code,
        'tracking_refused',
      );
    await world.as(anonymous).get('/api/tracking').expect(404);
    await world.as(anonymous).get(`/api/tracking?token=${token}`).expect(400);
  });

  it('gives a case to nobody who is suspended', async () => {
    const doc = await world.open({});
    const colleague = world.staff.analyst;
    const people = world.ctx.db.connection.collection<{ _id: string }>('people');
    await people.updateOne({ _id: colleague.id }, { $set: { suspendedAt: new Date() } });
    const given = world.as(world.staff.agent).plain(`/api/cases/${doc._id}/assignment`, { personId: colleague.id });
    assert.equal((await given.expect(404)).body.code, 'assignee_not_found');
    await people.updateOne({ _id: colleague.id }, { $unset: { suspendedAt: 1 } });
  });

  it('gives a case only to people who work on cases', async () => {
    const doc = await world.open({});
    const path = `/api/cases/${doc._id}/assignment`;
    const { actor } = await world.customer();
    for (const personId of [actor.id, world.staff.compliance.id, `person_${'0'.repeat(24)}`])
      assert.equal(
        (await world.as(world.staff.agent).plain(path, { personId }).expect(404)).body.code,
        'assignee_not_found',
      );
    await world.as(world.staff.agent).plain(path, { personId: null }).expect(200);
  });
});

describe('access to case routes', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());
  const ID = `case_${'0'.repeat(24)}`;
  const ACTS: [path: string, body: object, may: string[]][] = [
    ['triage', { note: 'read it' }, ['agent', 'analyst']],
    ['assignment', { personId: null }, ['agent', 'analyst']],
    ['account', { uid: 'uid-1' }, ['agent', 'analyst']],
    ['freezes', REASON, ['agent', 'analyst']],
    [`freezes/freeze_${'0'.repeat(24)}/retries`, {}, ['agent', 'analyst']],
    [`freezes/freeze_${'0'.repeat(24)}/extensions`, { hours: 1, ...REASON }, ['analyst']],
    ['freeze-waiver', REASON, ['agent', 'analyst']],
    ['identity-request', {}, ['agent', 'analyst']],
    ['identity-checks', { method: 'document' }, ['analyst']],
    [`identity-checks/check_${'0'.repeat(24)}/decision`, { result: 'failed', note: 'not him' }, ['analyst']],
    ['identity-failure', REASON, ['analyst']],
    ['remedies', { kinds: ['revoke_sessions'] }, ['analyst']],
    ['release-proposals', { scopes: ['trading'], outcome: 'recovered', ...REASON }, ['analyst']],
    [`release-proposals/approval_${'0'.repeat(24)}/approval`, {}, ['approver']],
    [`release-proposals/approval_${'0'.repeat(24)}/refusal`, REASON, ['approver']],
    ['closing', { outcome: 'no-loss', ...REASON }, ['analyst']],
    ['reopening', REASON, ['analyst']],
    ['legal-hold', REASON, ['compliance']],
    ['legal-hold/lifting', REASON, ['compliance']],
  ];

  for (const [path, body, may] of ACTS)
    it(`${path}: 401 without signing in, 403 without the role, 404 for a case that is not there`, async () => {
      const anonymous = testActor({ kind: 'anonymous', id: 'anonymous' });
      assert.equal(
        (await world.as(anonymous).post(`/api/cases/${ID}/${path}`, body).expect(401)).body.code,
        'not_signed_in',
      );
      for (const role of ['customer', 'agent', 'analyst', 'approver', 'compliance', 'admin'] as const) {
        const who = testActor({ kind: 'person', id: `person_${'1'.repeat(24)}`, roles: [role] });
        await world
          .as(who)
          .post(`/api/cases/${ID}/${path}`, body)
          .expect(may.includes(role) ? 404 : 403);
      }
    });

  for (const path of ['/api/cases', `/api/cases/${ID}`, `/api/cases/${ID}/timeline`, '/api/holds'])
    it(`${path}: 401 without signing in`, async () => {
      await world
        .as(testActor({ kind: 'anonymous', id: 'anonymous' }))
        .get(path)
        .expect(401);
    });

  it('keeps admins from cases', async () => {
    const admin = testActor({ kind: 'person', id: `person_${'2'.repeat(24)}`, roles: ['admin'] });
    await world.as(admin).get('/api/cases').expect(403);
  });
});
