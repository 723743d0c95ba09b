import assert from 'node:assert/strict';
import type supertest from 'supertest';
import { MINUTE } from '../../src/kernel/clock.js';
import { wholeBody } from '../support/arbitrary-of.js';
import { type TestContext, testContext } from '../support/context.js';
import {
  type Customer,
  freshAddress,
  PASSWORD,
  type Person,
  signedInCustomer,
  signedInStaff,
} from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes, samplePath } from '../support/sample-path.js';
import { frozenCase, proposedRelease, provenCase, type Reported } from '../support/stories.js';

const WHY = { reason: 'Asked for by the court.' };

describe('Somebody who tries what is not theirs, not now, or not any more', () => {
  let world: TestContext;
  let owner: Customer;
  let thief: Customer;
  let staff: Record<'agent' | 'analyst' | 'verifier' | 'approver' | 'second' | 'compliance', Person>;
  let story: Reported;
  before(async function () {
    this.timeout(60_000);
    world = await testContext({ FACTOR_AGE_DAYS: '0', RELEASE_COOLING_OFF_HOURS: '0' });
    owner = await signedInCustomer(world);
    thief = await signedInCustomer(world);
    staff = {
      agent: await signedInStaff(world, ['agent']),
      analyst: await signedInStaff(world, ['analyst']),
      verifier: await signedInStaff(world, ['analyst']),
      approver: await signedInStaff(world, ['approver']),
      second: await signedInStaff(world, ['approver']),
      compliance: await signedInStaff(world, ['compliance']),
    };
    story = await frozenCase(world, owner);
  });
  after(() => world?.close());

  describe("another customer's case", () => {
    const ofCases = allRoutes.filter(({ path, access }) => path.includes(':caseId') && access !== 'public');

    it('answers every route like a case that is not there', async () => {
      for (const route of ofCases) {
        const ask = (ids: Record<string, string>) =>
          thief.send(route.method, samplePath(route, ids)).send(route.body ? wholeBody(route.body as never) : {});
        const theirs = await ask({ caseId: story.caseId });
        const nobodys = await ask({});
        assertProblem(theirs);
        assert.deepEqual(told(theirs), told(nobodys), route.id);
        assert.ok([401, 403, 404].includes(theirs.status), `${route.id} ${theirs.status}`);
      }
    });

    it('cannot be re-verified for', async () => {
      const params = { caseId: story.caseId };
      assertProblem(
        await thief.post('/api/reverifications', { operation: 'proveAuthenticator', params, body: {} }),
        404,
        'case_not_found',
      );
    });

    it('is found by no number, however it is written', async () => {
      const { number } = story;
      for (const written of [
        number,
        number.toLowerCase(),
        number.replaceAll('-', ''),
        ` ${number} `,
        number.slice(3),
      ]) {
        const { body } = await thief.get(`/api/cases?number=${encodeURIComponent(written)}`).expect(200);
        assert.deepEqual(body.cases, []);
        const own = await owner.get(`/api/cases?number=${encodeURIComponent(written)}`).expect(200);
        assert.equal(own.body.cases.length, 1, written);
      }
    });

    it('is found by no look-alike of its number, not even by its owner', async () => {
      const { number } = story;
      const lookalikes = [
        number.replace('F', '\u0424'),
        number.replace('B', '\u0412'),
        [...number]
          .map((letter) => (letter === '-' ? letter : String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)))
          .join(''),
        `${number}\u200b`,
        `\u202e${number}`,
        number.replace(/\d/, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
      ];
      for (const written of lookalikes) {
        const { body } = await owner.get(`/api/cases?number=${encodeURIComponent(written)}`).expect(200);
        assert.deepEqual(body.cases, [], JSON.stringify(written));
      }
    });
  });

  describe('a re-verification', () => {
    const act = (headers: Record<string, string>, body: object = WHY, by = staff.compliance): supertest.Test =>
      by.post(`${story.path}/legal-hold`, body, headers);
    const allowed = () => staff.compliance.reverified('setLegalHold', { caseId: story.caseId }, WHY);

    const refused = (answer: supertest.Response): void => {
      assertProblem(answer, 401, 'step_up_required');
      assert.match(
        String(answer.headers['www-authenticate']),
        /^Bearer error="insufficient_user_authentication".*acr_values=.*max_age=300/,
      );
    };

    afterEach(async () => {
      const { body } = await staff.compliance.get(story.path).expect(200);
      assert.notEqual(body.legalHold, true, 'the hold was set');
    });

    it('is asked for', async () => refused(await act({})));

    it('that was made up does not count', async () => {
      for (const token of ['x', 'A'.repeat(43), 'null', '{"$ne":null}']) refused(await act({ Reverification: token }));
    });

    it('does not count after five minutes', async () => {
      const proof = await allowed();
      world.clock.advance(5 * MINUTE + 1_000);
      refused(await act(proof));
    });

    it('counts for the one payload only', async () =>
      refused(await act(await allowed(), { reason: 'Another reason.' })));

    it('counts for the one person only', async () => {
      const other = await signedInStaff(world, ['compliance']);
      refused(await act(await allowed(), WHY, other));
    });

    it('counts for the one operation and the one case only', async () => {
      refused(await act(await staff.compliance.reverified('liftLegalHold', { caseId: story.caseId }, WHY)));
      const { caseId } = await frozenCase(world, thief);
      refused(await act(await staff.compliance.reverified('setLegalHold', { caseId }, WHY)));
    });

    it('is not given for a wrong code, and a code works once', async () => {
      const { body } = await staff.compliance
        .post('/api/reverifications', { operation: 'setLegalHold', params: { caseId: story.caseId }, body: WHY })
        .expect(201);
      const path = `/api/reverifications/${body.reverificationId}/answers`;
      assertProblem(await thief.post(path, { code: await thief.code() }), 404, 'reverification_not_found');
      const code = await staff.compliance.code();
      const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
      assertProblem(await staff.compliance.post(path, { code: wrong }), 403, 'code_refused');
      assertProblem(await thief.post(path, { code }), 403, 'code_refused');
      await staff.compliance.post(path, { code }).expect(200);
      assertProblem(await staff.compliance.post(path, { code }));
    });
  });

  it('a re-verification that was used does not count again', async () => {
    const { caseId, path } = await frozenCase(world, await signedInCustomer(world));
    const proof = await staff.compliance.reverified('setLegalHold', { caseId }, WHY);
    await staff.compliance.post(`${path}/legal-hold`, WHY, proof).expect(200);
    assertProblem(await staff.compliance.post(`${path}/legal-hold`, WHY, proof), 401, 'step_up_required');
  });

  it('one re-verification sent ten times at once acts once', async () => {
    const { caseId, path } = await frozenCase(world, await signedInCustomer(world));
    const proof = await staff.compliance.reverified('setLegalHold', { caseId }, WHY);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => staff.compliance.post(`${path}/legal-hold`, WHY, proof)),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) assertProblem(answer);
    assert.ok(answers.every(({ status }) => status < 500));
    const set = (await world.events('legal-hold.set')).filter((event) => event.caseId === caseId);
    assert.equal(set.length, 1);
  });

  it('of two approvals of one release at once exactly one wins, and the exchange releases once', async () => {
    const customer = await signedInCustomer(world);
    const proven = await provenCase(world, customer, staff.verifier);
    const release = await proposedRelease(proven, staff.analyst);
    const proofs = [
      await staff.approver.reverified('approveRelease', release.params, {}),
      await staff.second.reverified('approveRelease', release.params, {}),
    ];
    const answers = await Promise.all([
      staff.approver.post(release.path, {}, proofs[0]),
      staff.second.post(release.path, {}, proofs[1]),
      staff.approver.post(release.path, {}, proofs[0]),
    ]);
    assert.equal(answers.filter(({ status }) => status === 202).length, 1, answers.map(({ text }) => text).join('\n'));
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      assertProblem(answer);
      assert.ok([401, 409].includes(answer.status), answer.text);
    }
    await world.settled();
    const approved = (await world.events('release.approved')).filter(({ caseId }) => caseId === proven.caseId);
    assert.equal(approved.length, 1);
    const opened = (await world.simulator.ledger(customer.accountId)).filter(
      ({ effect }) => effect === 'scope_released',
    );
    assert.deepEqual(opened.map(({ subject }) => subject).toSorted(), release.scopes.toSorted());
    assert.equal((await customer.get(proven.path).expect(200)).body.state.name, 'closed');
  });

  it('an act that the state does not allow is answered with what it allows', async () => {
    const closing = { outcome: 'no-loss', reason: 'Nothing was lost.' };
    const answer = await staff.analyst.post(`${story.path}/closing`, closing);
    assertProblem(answer, 409, 'event_not_allowed');
    const { body: seen } = await staff.analyst.get(story.path).expect(200);
    assert.ok(Array.isArray(answer.body.allowed) && answer.body.allowed.length > 0, answer.text);
    assert.ok(!answer.body.allowed.includes('case.closed'), answer.text);
    assert.equal(seen.state.name, 'freeze-account.frozen');
    const again = await staff.agent.post(`${story.path}/triage`, { note: 'Read it again.' });
    assertProblem(again, 409, 'event_not_allowed');
    assert.deepEqual(again.body.allowed.toSorted(), answer.body.allowed.toSorted());
  });

  it('an address in another spelling opens nothing and is mailed nothing of somebody else', async () => {
    const known = await signedInCustomer(world);
    const [name = '', domain = ''] = known.email.split('@');
    const spellings = [
      known.email.toUpperCase(),
      `${name.replace('c', '\u0441')}@${domain}`, // Cyrillic
      `${name.replace('k', '\u212a')}@${domain}`.replace('s', '\u017f'), // the Kelvin sign and the long s fold to k and s
      `${name}\uff20${domain}`,
      `${name}\u200b@${domain}`,
      `${name}@${domain.replace('e', '\uff45')}`,
      `${name}@${domain}\u3002`,
      ` ${known.email}`,
      `${known.email}\n`,
      `"${known.email}"@${domain}`,
      `${known.email},${freshAddress('thief')}`,
      `Owner <${known.email}>`,
    ];
    for (const email of spellings) {
      const since = world.mails.length;
      const asked = await world.send('post', '/api/registrations').send({ email, password: PASSWORD, locale: 'en' });
      assert.ok([202, 400].includes(asked.status), `${JSON.stringify(email)} ${asked.text}`);
      await world.settled();
      const sent = world.mails.slice(since);
      assert.equal(sent.length, asked.status === 202 ? 1 : 0);
      for (const { to, text } of sent) {
        assert.ok(/^[\x21-\x7e]+$/.test(to) || to !== known.email, to);
        if (to === known.email) assert.doesNotMatch(text, /#[\w-]{43}/, 'a link to register an address that is taken');
      }
      const signedIn = await world.send('post', '/api/sessions').send({ email, password: `${PASSWORD}!` });
      assert.ok([400, 401].includes(signedIn.status), `${JSON.stringify(email)} ${signedIn.text}`);
    }
  }).timeout(60_000);

  it('text that deceives readers is kept byte for byte', async () => {
    for (const text of [
      '\u202eevil\u202c',
      '\ufeffx',
      'e\u0301 \u00e9',
      '\u{1f469}\u200d\u{1f692}',
      'a\u2028b',
      '<b>&amp;</b>',
      '#{x} {{x}} $where',
      ' \t\n x \n',
    ]) {
      const { body } = await owner.post(`${story.path}/messages`, { text }).expect(201);
      assert.equal(body.text, text);
      const { body: line } = await staff.agent.get(`${story.path}/timeline`).expect(200);
      assert.equal(line.entries.at(-1).message.text, text);
    }
  });
});

/** A refusal without what differs from request to request. */
const told = ({ status, body }: supertest.Response): unknown => ({ status, ...body, requestId: undefined });
