import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { HOUR } from '../../src/kernel/clock.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, type ReaderName, signInOnPage } from '../support/pages.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { frozenCase, PNG, proposedRelease, type Reported } from '../support/stories.js';

const WHY = 'Heard and seen, as it is written in the note.';

describe('An act on the desk', function () {
  this.timeout(300_000);
  let world: TestContext;
  let browser: Browser;
  let verifier: Person;
  let first: Opened;
  let analyst: Person;
  let second: Opened;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
    verifier = await signedInStaff(world, ['analyst']);
    analyst = await signedInStaff(world, ['analyst']);
    first = await deskOf(verifier, 'desktop-en');
    second = await deskOf(analyst, 'phone-en');
  });
  afterEach(() => {
    assert.deepEqual([...first.wrong, ...second.wrong], []);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function deskOf(person: Person, reader: ReaderName): Promise<Opened> {
    const opened = await openPage(browser, world, reader);
    await opened.page.goto(`${world.url}/desk`);
    await signInOnPage(opened, person);
    return opened;
  }

  const dialog = ({ page }: Opened): Locator => page.locator('.act-dialog');
  const form = (opened: Opened): Locator => dialog(opened).locator('form');
  const greyed = ({ page }: Opened, act: string) => page.locator('.shut-acts li').filter({ hasText: act });
  const shows = ({ page }: Opened, state: string) =>
    page.locator('.case-title').getByText(state, { exact: true }).waitFor();
  const part = async ({ page }: Opened, name: string) => {
    await page.getByRole('navigation', { name: 'Parts of the case' }).getByRole('link', { name }).click();
  };
  const visit = async (opened: Opened, { caseId, number }: Pick<Reported, 'caseId' | 'number'>) => {
    await opened.page.goto(`${world.url}/desk/cases/${caseId}`);
    await opened.page.getByRole('heading', { name: number }).waitFor();
  };
  /** Opens the form of an act, which is not ready to be sent as it opens. */
  const begin = async (opened: Opened, act: string) => {
    await opened.page.locator('.open-acts').getByRole('button', { name: act, exact: true }).click();
    await form(opened).waitFor();
    assert.equal(await button(opened).isDisabled(), true, `${act} can be sent empty`);
  };
  const button = (opened: Opened): Locator => form(opened).locator('button[type=submit]');
  const reason = (opened: Opened): Locator => form(opened).locator('textarea');
  /** A reason of two letters is none. */
  const giveReason = async (opened: Opened) => {
    await reason(opened).fill('no');
    assert.equal(await button(opened).isDisabled(), true);
    await reason(opened).fill(WHY);
  };
  const told = (opened: Opened, text: string) => form(opened).getByRole('alert').getByText(text).waitFor();
  const done = (opened: Opened) => form(opened).waitFor({ state: 'detached' });
  /** Two presses before anything is answered, as a nervous hand does. */
  const sendTwice = async (opened: Opened) => {
    await form(opened).evaluate((element) => {
      const sent = element as unknown as { requestSubmit(): void };
      sent.requestSubmit();
      sent.requestSubmit();
    });
    await done(opened);
  };
  const times = async (action: string, caseId: string) =>
    (await world.events(action)).filter((event) => event.caseId === caseId).length;

  async function reported(customer: Customer, kind: string): Promise<Reported> {
    const report = { kind, language: 'en', whatHappened: 'Something is wrong with my account.' };
    const { body } = await customer.post('/api/reports', report).expect(201);
    await world.settled();
    const { caseId, caseNumber: number, trackingToken } = body;
    return { caseId, number, path: `/api/cases/${caseId}`, trackingToken };
  }

  async function anonymousReport(email: string): Promise<Pick<Reported, 'caseId' | 'number'>> {
    const report = {
      kind: 'phishing',
      language: 'en',
      whatHappened: 'A page took my code.',
      counterpartyAddresses: ['0x52908400098527886E0F7030069857D2E4169EE7'], // by which a second report is known as the same
      contact: { email },
    };
    const { body } = await world.send('post', '/api/reports').send(report).expect(201);
    const { body: found } = await verifier.get(`/api/cases?number=${body.caseNumber}`).expect(200);
    return { caseId: found.cases[0].caseId, number: body.caseNumber };
  }

  it('hands a case over, links its account, closes it and opens it again', async () => {
    const { page } = first;
    const agent = await signedInStaff(world, ['agent']);
    const moved = await signedInStaff(world, ['agent']);
    const admin = await signedInStaff(world, ['admin']);
    const email = 'reads.a.page@example.net';
    const story = await anonymousReport(email);
    const { caseId } = story;
    await visit(first, story);
    assert.match(await greyed(first, 'Make a support code').innerText(), /nobody is known to verify/);
    assert.match(await greyed(first, 'Freeze the account').innerText(), /no account is linked yet/);

    const choose = async ({ email }: Person) => {
      await form(first).getByLabel('Who works on it').click();
      await page.locator('.ant-select-item-option').getByText(email).click();
    };
    await page.locator('.open-acts').getByRole('button', { name: 'Assign', exact: true }).click();
    await choose(moved);
    const { personId } = moved;
    const change = await admin.reverified('setRoles', { personId }, { roles: ['approver'] });
    await admin
      .send('put', `/api/people/${personId}/roles`, change)
      .send({ roles: ['approver'] })
      .expect(200);
    await button(first).click();
    await told(first, 'That person does not work on cases.');
    await choose(agent);
    await looksRight(first, 'desk-act-assign');
    await sendTwice(first);
    await page
      .locator('.case-head')
      .getByText(agent.email.split('@')[0] ?? '')
      .waitFor();
    assert.equal(await times('case.assigned', caseId), 1);

    const { uid, accountId } = await world.simulator.openAccount({ email, sample: true });
    await begin(first, 'Link the account');
    await form(first).getByLabel('UID at the exchange').fill('no uid');
    assert.equal(await button(first).isDisabled(), true);
    await form(first).getByLabel('UID at the exchange').fill('0000');
    await button(first).click();
    await told(first, 'The exchange knows no such UID.');
    await looksRight(first, 'desk-act-link');
    await form(first).getByLabel('UID at the exchange').fill(` ${uid} `);
    await sendTwice(first);
    await page.locator('.case-head').getByText(accountId).waitFor();
    assert.equal(await times('case.account-linked', caseId), 1);
    assert.match(await greyed(first, 'Link the account').innerText(), /linked already/);

    await begin(first, 'Close the case');
    await giveReason(first);
    assert.equal(await button(first).isDisabled(), true, 'no outcome is chosen');
    await form(first).getByLabel('No loss').check();
    await looksRight(first, 'desk-act-close');
    await sendTwice(first);
    await shows(first, 'Closed');
    assert.equal(await times('case.closed', caseId), 1);

    const another = await anonymousReport(email);
    await begin(first, 'Reopen');
    await giveReason(first);
    await button(first).click();
    await told(first, 'Another case about the same is open; go on there.');
    await looksRight(first, 'desk-act-reopen');
    await verifier.post(`/api/cases/${another.caseId}/closing`, { outcome: 'duplicate', reason: WHY }).expect(200);
    await sendTwice(first);
    await shows(first, 'Triaged');
    assert.equal(await times('case.reopened', caseId), 1);
    await page.locator('.timeline').getByText('Reopened').waitFor();
  });

  it('asks again for a freeze, extends it, and goes on without more of one', async () => {
    const customer = await signedInCustomer(world);
    const story = await reported(customer, 'unauthorized_withdrawal');
    const { caseId, path } = story;
    const order = { scopes: ['trading', 'crypto_withdrawal'], hours: 24, reason: WHY };
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'], times: 1 });
    await verifier.act('freezeAccount', `${path}/freezes`, { caseId }, order);
    await world.settled();
    await visit(first, story);
    await shows(first, 'Partly frozen');
    const { page } = first;

    await page.locator('.open-acts').getByRole('button', { name: 'Ask again for the freeze' }).click();
    await looksRight(first, 'desk-act-retry');
    await button(first).click();
    assert.match(await confirmOnPage(first, verifier), new RegExp(story.number));
    await done(first);
    await world.settled();
    await shows(first, 'Frozen');
    assert.equal(await times('freeze.requested-again', caseId), 1);
    assert.match(await greyed(first, 'Ask again for the freeze').innerText(), /no freeze needs it/);

    const hours = form(first).getByLabel('Hours from now');
    const extend = async (to: number) => {
      await hours.fill(String(to));
      await button(first).click();
      await confirmOnPage(first, verifier);
    };
    await begin(first, 'Extend the freeze');
    await giveReason(first);
    await hours.fill('');
    assert.equal(await button(first).isDisabled(), true, 'no hours are given');
    await extend(12);
    await told(first, 'it would end earlier');
    await extend(200);
    await told(first, 'at most 168 hours');
    await looksRight(first, 'desk-act-extend');
    await extend(48);
    await done(first);
    await page.locator('.timeline').getByText('Freeze extended').waitFor();
    assert.equal(await times('freeze.extension-ordered', caseId), 1);
    const { body: file } = await verifier.get(path).expect(200);
    const left = Date.parse(file.freezes[0].expiresAt) - world.clock.now().getTime();
    assert.ok(left > 47 * HOUR && left <= 48 * HOUR, String(left / HOUR));

    const other = await reported(customer, 'other');
    await visit(first, other);
    await begin(first, 'Waive the freeze');
    await giveReason(first);
    await looksRight(first, 'desk-act-waive');
    await sendTwice(first);
    await shows(first, 'Waiting for proof of identity');
    assert.equal(await times('freeze.waived', other.caseId), 1);
  });

  describe('with a customer on the telephone', () => {
    const PHONE = '+8613800138077';
    let customer: Customer;
    let story: Reported;
    before(async () => {
      customer = await signedInCustomer(world);
      await customer.act('addContactPoint', '/api/me/contact-points', {}, { kind: 'phone', value: PHONE });
      story = await frozenCase(world, customer);
    });

    it('makes and checks the codes by which both know who is on the line', async () => {
      await visit(second, story);
      await second.page.locator('.open-acts').getByRole('button', { name: 'Make a support code' }).click();
      await button(second).click();
      const spoken = (await dialog(second).locator('.spoken-code').innerText()).replace(/\s/g, '');
      assert.match(spoken, /^\d{8}$/);
      await looksRight(second, 'desk-act-make-code');
      assert.equal(await times('support-code.made', story.caseId), 1);
      const { body } = await customer.post('/api/me/support-code-checks', { code: spoken }).expect(200);
      assert.equal(body.caseNumber, story.number);
      await dialog(second).getByRole('button', { name: 'Close' }).last().click();

      const { code } = (await customer.post('/api/me/support-codes').expect(201)).body as { code: string };
      const typed = form(second).getByLabel('The eight digits they read out');
      await begin(second, 'Check a support code');
      await typed.fill('1234 567');
      assert.equal(await button(second).isDisabled(), true, 'seven digits are no code');
      await typed.fill(code === '12345678' ? '87654321' : '1234 5678');
      await button(second).click();
      await told(second, 'do not take the caller for the customer');
      await looksRight(second, 'desk-act-check-code');
      await typed.fill(code.replace(/^\d{4}/, '$& '));
      await button(second).click();
      await dialog(second).getByText('It is right').waitFor();
      await looksRight(second, 'desk-act-code-right');
      await dialog(second).getByRole('button', { name: 'Close' }).last().click();
      assert.equal(await times('support-code.recognised', story.caseId), 1);
      await begin(second, 'Check a support code');
      await typed.fill(code);
      await button(second).click();
      await told(second, 'Wrong, used or too old');
      await form(second).getByRole('button', { name: 'Cancel' }).click();
      await done(second);
    });

    it('calls them back at the number that was on file, and records what was heard', async () => {
      await visit(first, story);
      await begin(first, 'Begin an identity check');
      await form(first).getByLabel('A callback').check();
      assert.equal(await button(first).isDisabled(), true, 'no number is chosen');
      await form(first).getByRole('button', { name: 'Show the contact points' }).click();
      assert.equal(await form(first).getByLabel(customer.email).isDisabled(), true, 'a mailbox is no telephone');
      await form(first).getByLabel(PHONE).check();
      await looksRight(first, 'desk-act-callback');
      await sendTwice(first);
      await shows(first, 'Identity in review');
      assert.equal(await times('identity-check.started', story.caseId), 1);
      assert.equal(await times('case.contact-points-read', story.caseId), 1);

      await begin(first, 'Record the result of a check');
      await form(first).getByLabel('Passed: it is the owner').check();
      await giveReason(first);
      await looksRight(first, 'desk-act-callback-result');
      await button(first).click();
      assert.match(await confirmOnPage(first, verifier), /as passed/);
      await done(first);
      await part(first, 'Identity');
      const card = first.page.locator('article.card').filter({ hasText: 'Callback' });
      await card.getByText('Passed', { exact: true }).waitFor();
      assert.match(await card.innerText(), /counts/);
      assert.ok((await card.innerText()).includes(WHY));
      assert.equal(await times('identity-check.passed', story.caseId), 1);
      assert.match(await greyed(first, 'Record the result of a check').innerText(), /no check is under way/);
    });

    it('restores a contact point and resets the factors of who was proven by another', async () => {
      const { caseId, path } = story;
      const { body: me } = await customer.get('/api/me').expect(200);
      await customer.post(`/api/me/contact-points/${me.contactPoints[0].id}/compromised`).expect(200);
      await visit(second, story);
      assert.match(await greyed(second, 'Restore a contact point').innerText(), /identity is not proven/);
      const sent = await customer.send('post', `${path}/evidence`).attach('evidence', PNG, 'identity.png').expect(201);
      const { checkId } = (await verifier.post(`${path}/identity-checks`, { method: 'document' }).expect(201)).body;
      const found = { result: 'passed', evidenceIds: [sent.body.evidence[0].evidenceId], note: WHY };
      await verifier.act('recordCheck', `${path}/identity-checks/${checkId}/decision`, { caseId, checkId }, found);
      await shows(second, 'Identity proven');

      await part(second, 'Identity');
      const points = second.page.locator('.points');
      await second.page.getByRole('button', { name: 'Show (this is recorded)' }).click();
      await points.getByText('marked as compromised').waitFor();
      await begin(second, 'Restore a contact point');
      await giveReason(second);
      assert.equal(await button(second).isDisabled(), true, 'none is chosen');
      assert.equal(await form(second).getByLabel(PHONE).count(), 0);
      await form(second).getByLabel(customer.email).check();
      await looksRight(second, 'desk-act-restore-point');
      await button(second).click();
      await confirmOnPage(second, analyst);
      await done(second);
      await points.getByText('marked as compromised').waitFor({ state: 'detached' });
      assert.equal(await times('contact-point.restored', caseId), 1);

      await begin(second, 'Reset the customer’s factors');
      await giveReason(second);
      await looksRight(second, 'desk-act-reset-factors');
      await button(second).click();
      assert.match(await confirmOnPage(second, analyst), /every second factor/);
      const link = await dialog(second).locator('.secret').innerText();
      assert.match(link, new RegExp(`^${world.url}/\\S+#[\\w-]{43}`));
      await looksRight(second, 'desk-act-setup-link');
      await dialog(second).getByRole('button', { name: 'Close' }).last().click();
      await dialog(second).waitFor({ state: 'detached' });
      assert.equal(await times('case.factors-reset', caseId), 1);
      await customer.get('/api/me').expect(401);
    });

    it('declines a release, and the case goes back to its remedies', async () => {
      await proposedRelease(story, analyst);
      const approver = await signedInStaff(world, ['approver']);
      const last = await deskOf(approver, 'desktop-zh-CN');
      await visit(last, story);
      await shows(last, '等待解冻');
      await begin(last, '拒绝解冻');
      await giveReason(last);
      await looksRight(last, 'desk-act-decline');
      await button(last).click();
      assert.match(await confirmOnPage(last, approver), /拒绝解除/);
      await done(last);
      await shows(last, '补救中');
      await last.page.getByRole('link', { name: '冻结与解冻' }).click();
      await last.page.locator('article.card').getByText('已拒绝', { exact: true }).waitFor();
      assert.equal(await times('release.declined', story.caseId), 1);
      assert.deepEqual(last.wrong, []);
      await last.close();
    });
  });
});
