import assert from 'node:assert/strict';
import { exchangeItems } from '../../src/accounts/exchange-items.js';
import { type CheckItem, inOrderOfGain, ownItems } from '../../src/identity/index.js';
import type { ContactPoint, Person } from '../../src/identity/words.js';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, PASSWORD, signedInCustomer, signedInStaff } from '../support/people.js';

const DAY = 86_400_000;
const NOW = new Date('2026-03-04T05:06:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

const point = (over: Partial<ContactPoint> = {}): ContactPoint => ({
  _id: 'contact_1',
  kind: 'email',
  value: 'lin@example.org',
  trust: 'normal',
  addedAt: ago(100),
  confirmedAt: ago(100),
  ...over,
});

const BARE: Person = {
  _id: 'person_1',
  email: 'lin@example.org',
  locale: 'en',
  roles: ['customer'],
  contactPoints: [point()],
  securityVersion: 1,
  createdAt: ago(100),
};

const WHOLE: Person = {
  ...BARE,
  accountId: 'acct_1',
  totp: { secret: 's', enrolledAt: ago(50), confirmedAt: ago(50), lastStep: 0, failures: 0 },
  passkeys: [
    {
      _id: 'passkey_1',
      name: 'phone',
      credentialId: 'c',
      publicKey: 'k',
      counter: 0,
      backupEligible: true,
      backedUp: true,
      transports: [],
      addedAt: ago(40),
    },
  ],
  recovery: { issuedAt: ago(50), hashes: Array.from({ length: 10 }, (_, n) => `h${n}`) },
  mailWord: { sealed: 'x', setAt: ago(50) },
  contactPoints: [
    point(),
    point({ _id: 'contact_2', value: 'second@example.org' }),
    point({ _id: 'contact_3', kind: 'phone', value: '+8613800138000' }),
  ],
};

const check = (person: Person, over: Partial<Parameters<typeof ownItems>[0]> = {}): CheckItem[] =>
  inOrderOfGain(ownItems({ person, sessions: [{ usedAt: NOW }], now: NOW, factorAgeDays: 7, ...over }));
const ids = (items: readonly CheckItem[]) => items.filter(({ gain }) => gain > 0).map(({ id }) => id);
const of = (items: readonly CheckItem[], id: string) => items.find((item) => item.id === id) ?? assert.fail(id);

describe('the security check-up', () => {
  it('has nothing to say against somebody who has it all, and says what is good', () => {
    const items = check(WHOLE);
    assert.deepEqual(ids(items), []);
    assert.ok(items.every(({ state }) => state === 'good'));
  });

  it('begins with what helps most', () => {
    assert.deepEqual(ids(check(BARE)), ['second-factor', 'passkey', 'account', 'mailbox', 'telephone', 'mail-word']);
  });

  it('puts a password first that may be a thief’s, until it was changed', () => {
    assert.equal(check(WHOLE, { disownedAt: ago(1) })[0]?.id, 'password');
    assert.equal(of(check(WHOLE, { disownedAt: ago(2), passwordChangedAt: ago(1) }), 'password').state, 'good');
    assert.equal(of(check(WHOLE, { disownedAt: ago(1), passwordChangedAt: ago(2) }), 'password').state, 'danger');
  });

  it('sees what is young, few, old, seen by a thief, or the only one', () => {
    const { recovery, passkeys, totp: _, ...rest } = WHOLE;
    const young = { ...WHOLE, passkeys: [], totp: { ...WHOLE.totp, confirmedAt: ago(2) } } as Person;
    assert.equal(of(check(young), 'second-factor').state, 'look');
    assert.match(of(check(young, { factorAgeDays: 3 }), 'second-factor').advice.en, /more than 3 days/);
    assert.equal(of(check({ ...WHOLE, recovery: { issuedAt: NOW, hashes: ['a'] } }), 'recovery-codes').state, 'weak');
    const one = { ...rest, recovery, passkeys: [{ ...passkeys?.[0], backedUp: false }] } as Person;
    assert.equal(of(check(one), 'passkey').state, 'weak');
    assert.equal(of(check({ ...WHOLE, passkeys: [] }), 'passkey').state, 'missing');
    assert.equal(of(check(WHOLE, { sessions: [{ usedAt: ago(31) }, { usedAt: NOW }] }), 'sessions').state, 'old');
    const seen = point({ trust: 'compromised', compromisedAt: ago(1) });
    assert.equal(
      of(check({ ...WHOLE, contactPoints: [seen, point({ _id: 'contact_2' })] }), 'mail-word').state,
      'danger',
    );
    assert.equal(of(check({ ...WHOLE, contactPoints: [seen] }), 'mailbox').state, 'danger');
    const phone = point({ kind: 'phone', addedAt: ago(1), confirmedAt: ago(1) });
    assert.equal(of(check({ ...WHOLE, contactPoints: [point(), phone] }), 'telephone').state, 'look');
  });

  it('sees what the exchange says, and guesses nothing that it leaves out', () => {
    const state = { accountId: 'a', uid: 'u', generation: 0, balances: [], scopes: [], apiKeys: [], sessions: [] };
    assert.deepEqual(
      exchangeItems(state, NOW).map(({ id, state: how }) => [id, how]),
      [
        ['api-keys', 'good'],
        ['exchange-sessions', 'good'],
      ],
    );
    const key = (days: number) => ({ id: 'k', label: 'bot', createdAt: ago(days).toISOString(), revokedAt: null });
    const [young, old, look] = [2, 200, 30].map(
      (days) => exchangeItems({ ...state, apiKeys: [key(days)] }, NOW)[0]?.state,
    );
    assert.deepEqual([young, old, look], ['danger', 'old', 'look']);
    const revoked = { ...key(2), revokedAt: NOW.toISOString() };
    assert.equal(exchangeItems({ ...state, apiKeys: [revoked] }, NOW)[0]?.state, 'good');
    const address = { id: 'w', label: 'new', network: 'bitcoin', address: 'bc1', addedAt: ago(1).toISOString() };
    assert.equal(exchangeItems({ ...state, withdrawalAddresses: [address] }, NOW)[1]?.state, 'danger');
  });

  it('speaks both languages in whole sentences, and links to our own pages only', () => {
    for (const item of [...check(BARE), ...check(WHOLE)]) {
      assert.match(item.advice.en, /^[A-Z].*\.$/);
      assert.match(item.advice['zh-CN'], /\p{Script=Han}.*。$/u);
      assert.match(item.link, /^\/(security|account)#[\w-]+$/);
    }
  });

  describe('over HTTP', () => {
    let world: TestContext;
    let customer: Customer;
    before(async function () {
      this.timeout(60_000);
      world = await testContext();
      customer = await signedInCustomer(world);
    });
    after(() => world?.close());

    it('joins what is known here and at the exchange, for the own account only', async () => {
      const { body } = await customer.get('/api/me/check-up').expect(200);
      assert.equal(body.exchange, 'read');
      assert.equal(body.items[0].id, 'withdrawal-addresses', 'an address was added half an hour ago');
      assert.equal(body.items[1].id, 'api-keys');
      const gains = body.items.map(({ gain }: CheckItem) => gain);
      assert.deepEqual(
        gains,
        gains.toSorted((a: number, b: number) => b - a),
      );
      await world.send('get', '/api/me/check-up').expect(401);
    });

    it('says that it could not ask the exchange, and calls nothing good there', async () => {
      await world.simulator.fail({ fail: 'error_500', on: ['read_account'] });
      const { body } = await customer.get('/api/me/check-up').expect(200);
      await world.simulator.fail();
      assert.equal(body.exchange, 'unavailable');
      assert.ok(!body.items.some(({ id }: CheckItem) => id === 'api-keys'));
    });

    it('asks for a new password once a change was disowned', async () => {
      await customer.act('addContactPoint', '/api/me/contact-points', {}, { kind: 'phone', value: '+8613800138055' });
      await world.settled();
      const mail = world.mails.findLast(({ to, text }) => to === customer.email && text.includes('/not-me#'));
      const token = /\/not-me#([\w-]{64})/.exec(mail?.text ?? '')?.[1];
      await world.send('post', '/api/security-changes/disownments').send({ token }).expect(202);
      const { body } = await world.send('post', '/api/sessions').send({ email: customer.email, password: PASSWORD });
      const code = await customer.code();
      const { body: session } = await world
        .send('post', '/api/sessions/second-factor')
        .send({ ticket: body.ticket, code, refreshIn: 'body' })
        .expect(200);
      const headers = { Authorization: `Bearer ${session.accessToken}` };
      const { body: after } = await world.send('get', '/api/me/check-up', headers).expect(200);
      assert.equal(after.items[0].id, 'password');
    });

    it('answers staff too, about their own sign-in', async () => {
      const agent = await signedInStaff(world, ['agent']);
      assert.equal((await agent.get('/api/me/check-up').expect(200)).body.exchange, 'not-linked');
    });
  });
});
