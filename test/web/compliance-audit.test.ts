import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { HOUR } from '../../src/kernel/clock.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { type Person, signedInStaff } from '../support/people.js';
import { customerWithCase, type Reported } from '../support/stories.js';

/** Events that one page brings. */
const PAGE = 50;

describe('Compliance, in a browser', function () {
  this.timeout(180_000);
  let world: TestContext;
  let browser: Browser;
  let folder: string;
  let compliance: Person;
  let story: Reported;
  let opened: Opened;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'firebreak-compliance-'));
    world = await testContext();
    compliance = await signedInStaff(world, ['compliance']);
    const agent = await signedInStaff(world, ['agent']);
    ({ story } = await customerWithCase(world));
    await agent.get(story.path).expect(200); // an agent who looks into a case that is nobody's
    opened = await openPage(browser, world, 'desktop-en');
    opened.page.setDefaultTimeout(60_000);
    await opened.page.goto(`${world.url}/compliance`);
    await signInOnPage(opened, compliance);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => assert.deepEqual(opened?.wrong, []));

  const go = async (path: string, heading: string) => {
    await opened.page.goto(`${world.url}${path}`);
    await opened.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  };

  it('finds what a case has in the log, keeps the filter in the address, and shows an event with its personal data', async () => {
    const { page } = opened;
    await go('/compliance', 'Audit log');
    await page.getByText(/Events shown/).waitFor();
    await looksRight(opened, 'audit-log');
    await page.getByLabel('Case id').fill(story.caseId);
    await page.getByLabel('Words').fill('report');
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByText(/Looked through \d+ events, found/).waitFor();
    assert.match(page.url(), new RegExp(`#\\?.*caseId=${story.caseId}`));
    await page.getByRole('button', { name: 'report.received' }).click();
    const drawer = page.getByRole('dialog', { name: 'Audit event' });
    await drawer.getByText('Intact').waitFor();
    await drawer.getByText('sourceAddress', { exact: true }).waitFor();
    await looksRight(opened, 'audit-event-drawer');
    await drawer.getByRole('link', { name: 'See its proof' }).click();
    await page.getByText('Checked by your browser: the proof holds').waitFor();
    assert.match(page.url(), /\/compliance\/events\/event_[0-9a-f]+$/);
    await looksRight(opened, 'audit-event-proof');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the proof' }).click(),
    ]);
    assert.match(saved.suggestedFilename(), /\.tlog-proof$/);
    await page.goBack();
    await page.getByLabel('Case id').waitFor();
    assert.equal(await page.getByLabel('Case id').inputValue(), story.caseId);
  });

  it('loads older events as the reader comes to the end', async () => {
    const { page } = opened;
    for (let more = 0; more < PAGE; more += 1) await compliance.get('/api/audit/events?limit=1').expect(200);
    await go('/compliance', 'Audit log');
    const rows = page.locator('tr.ant-table-row');
    await rows.nth(PAGE - 1).waitFor(); // before that its end is in view already
    await page.locator('.events-end').scrollIntoViewIfNeeded();
    await rows.nth(PAGE).waitFor();
  });

  it('says when nothing fits, and what is wrong with an address', async () => {
    const { page } = opened;
    await go('/compliance#?action=no.such-act', 'Audit log');
    await page.getByText('No event fits.').waitFor();
    await looksRight(opened, 'audit-log-empty');
    await page.getByLabel('Source address').fill('999.1.1.1');
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByText('The source address is no address or network').waitFor();
    await looksRight(opened, 'audit-log-refused');
  });

  it('keeps a search, runs it and forgets it', async () => {
    const { page } = opened;
    await go('/compliance#?action=case.opened', 'Audit log');
    await page.getByRole('button', { name: 'Save this query …' }).click();
    await page.getByLabel('Name').fill('New cases');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Run “New cases”' }).waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.waitForURL((url) => url.hash === '');
    await page.getByRole('button', { name: 'Run “New cases”' }).click();
    await page.waitForURL((url) => url.hash.includes('query=query_'));
    await page.getByRole('button', { name: 'case.opened', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Forget “New cases”' }).click();
    await page.getByText('None yet.').waitFor();
  });

  it('lists what staff did that deserves a look', async () => {
    const { page } = opened;
    const soon = new Date(world.clock.now().getTime() + HOUR).toISOString(); // codes have moved the clock of the world ahead
    await go(`/compliance/anomalies#?dayFrom=0&dayTo=24&to=${soon}`, 'Anomalies');
    await page.getByText(/all of the time was looked through/).waitFor();
    await page.getByText("worked or looked in a case that was somebody else's").waitFor();
    await looksRight(opened, 'anomalies');
    await page.getByLabel('Kind').click();
    await page.locator('.ant-select-item-option', { hasText: 'Breaking the glass' }).click();
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByText('Nothing in this time deserves a look.').waitFor();
    await looksRight(opened, 'anomalies-empty');
  });

  it('shows how far the log is signed, and what was signed', async () => {
    const { page } = opened;
    await go('/compliance/checkpoints', 'Checkpoints');
    await page.getByText('holds', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Show the signed note' }).first().click();
    await page.getByRole('region', { name: /The signed note/ }).waitFor();
    await looksRight(opened, 'checkpoints');
  });

  it('exports a case, and the page that checks files says that it holds', async () => {
    const { page } = opened;
    await go('/compliance/exports', 'Export and verify');
    await looksRight(opened, 'exports');
    await page.getByLabel('Case number or id').fill('FB-0000-0000-0');
    await page.getByRole('button', { name: 'Export …' }).click();
    await page.getByText('There is no case of that number.').waitFor();
    await page.getByLabel('Case number or id').fill(story.number);
    await page.getByRole('button', { name: 'Export …' }).click();
    const download = page.waitForEvent('download');
    const confirming = await confirmOnPage(opened, compliance);
    assert.match(confirming, new RegExp(story.caseId));
    const file = join(folder, 'case.audit.ndjson');
    await (await download).saveAs(file);
    await page.getByText(/^Saved case_/).waitFor();
    await looksRight(opened, 'exports-saved');
    await page.getByRole('link', { name: 'Check it now' }).click();
    await page.setInputFiles('#files', [file]);
    await page.getByRole('heading', { name: 'Proven' }).waitFor();
    await looksRight(opened, 'verify-proven');
  });

  it('puts a case under legal hold and lifts it, each with a reason and confirmed', async () => {
    const { page } = opened;
    await go('/compliance/holds', 'Legal holds');
    await page.getByText('No case is under legal hold.').waitFor();
    await looksRight(opened, 'holds-empty');
    await page.getByRole('button', { name: 'Put a case under hold …' }).click();
    await page.getByLabel('Case number or id').fill(story.number);
    await page.getByLabel('Reason').fill('Asked for by the court of the first instance.');
    await looksRight(opened, 'holds-dialog');
    await page.getByRole('button', { name: 'Set the hold' }).click();
    assert.match(await confirmLast(), new RegExp(story.number));
    await page.getByRole('cell', { name: story.number, exact: true }).waitFor();
    await page.getByRole('button', { name: `Show why: ${story.number}` }).click();
    await page.getByText('Asked for by the court of the first instance.').waitFor();
    await looksRight(opened, 'holds');
    await page.getByRole('button', { name: `Lift the hold on case ${story.number}` }).click();
    await page.getByLabel('Reason').fill('The court has let it go.');
    await page.getByRole('button', { name: 'Lift the hold', exact: true }).click();
    assert.match(await confirmLast(), new RegExp(story.number));
    await page.getByText('No case is under legal hold.').waitFor();
  });

  it('orders an erasure, follows it to its end, and the log shows what was erased', async () => {
    const { page } = opened;
    const leaver = await signedInStaff(world, ['agent']);
    await go('/compliance/erasures', 'Erasures');
    await page.getByText('Nothing was erased yet.').waitFor();
    await page.getByLabel('Person id').fill(leaver.personId);
    await page.getByLabel('the time to keep it is over').check();
    await page.getByRole('button', { name: 'Erase …' }).click();
    assert.match(await confirmLast(), new RegExp(leaver.personId));
    await page.getByText(/^Done: \d+ openings erased/).waitFor();
    await page.getByRole('cell', { name: leaver.personId, exact: true }).waitFor();
    await looksRight(opened, 'erasures');
    await go(`/compliance#?actor=${leaver.personId}`, 'Audit log');
    await page
      .getByRole('button', { name: 'person.invited', exact: true })
      .or(page.locator('.row-opener'))
      .first()
      .click();
    await page
      .getByText(/^erased on /)
      .first()
      .waitFor();
    await looksRight(opened, 'audit-event-erased');
  });

  it('is read on a phone, in Chinese', async () => {
    const phone = await openPage(browser, world, 'phone-zh-CN');
    const { page, wrong } = phone;
    page.setDefaultTimeout(60_000);
    await page.goto(`${world.url}/compliance`);
    await signInOnPage(phone, compliance);
    for (const [path, shown, name] of [
      [`/compliance#?caseId=${story.caseId}`, /^已显示 [1-9]/, 'audit-log'],
      ['/compliance/anomalies', /整段时间都已查看/, 'anomalies'],
      ['/compliance/checkpoints', /^包含 \d+ 条事件/, 'checkpoints'],
      ['/compliance/exports', /打开核对页/, 'exports'],
      ['/compliance/holds', /没有处于法律保全中的案件。/, 'holds-empty'],
      ['/compliance/erasures', /查看进度/, 'erasures'],
    ] as const) {
      await page.goto(`${world.url}${path}`);
      await page.getByText(shown).first().waitFor();
      await looksRight(phone, name);
    }
    assert.deepEqual(wrong, []);
    await phone.close();
  });

  /** The dialog that re-verifies is the topmost of two. */
  async function confirmLast(): Promise<string> {
    const dialog = opened.page.locator('dialog.dialog[open]').filter({ has: opened.page.locator('.confirming') });
    const confirming = await dialog.locator('.confirming').innerText();
    await dialog.locator('input[autocomplete=one-time-code]').fill(await compliance.code());
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    return confirming;
  }
});
