import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, type ReaderName, signInOnPage } from '../support/pages.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { photo, picture } from '../support/samples.js';

describe('A case on the desk', function () {
  this.timeout(300_000);
  let world: TestContext;
  let browser: Browser;
  let customer: Customer;
  let analyst: Person;
  let caseId: string;
  let number: string;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    customer = await signedInCustomer(world);
    const report = {
      kind: 'phishing',
      language: 'en',
      whatHappened: 'I typed my code into <b>a page</b> that was not yours.',
      losses: [{ asset: 'USDT', amount: '1200.50' }],
      where: { channel: 'e-mail', detail: 'A mail about a prize' },
    };
    const { body } = await customer.post('/api/reports', report).expect(201);
    ({ caseId, caseNumber: number } = body);
    await customer
      .send('post', `/api/cases/${caseId}/evidence`)
      .attach('evidence', await photo(), 'screen of the page.jpg')
      .attach('evidence', await picture().png().toBuffer(), 'wallet.png')
      .attach('evidence', Buffer.from('You have won!\nSend us your code.\n'), 'mail.txt')
      .expect(201);
    await world.settled();
    analyst = await signedInStaff(world, ['analyst']);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function deskOf(person: Person, reader: ReaderName, path: string): Promise<Opened> {
    const opened = await openPage(browser, world, reader);
    await opened.page.goto(`${world.url}${path}`);
    await signInOnPage(opened, person);
    return opened;
  }
  const piece = ({ page }: Opened, name: string): Locator => page.locator('button.piece').filter({ hasText: name });
  const viewer = ({ page }: Opened, name: string): Locator => page.locator('article.viewer').filter({ hasText: name });
  const drawn = (opened: Opened, name: string) =>
    viewer(opened, name)
      .locator('img')
      .first()
      .evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());

  it('opens its evidence to who works on it: side by side, close up, redacted, shared, and the original for a reason', async () => {
    const opened = await deskOf(analyst, 'desktop-en', `/desk/cases/${caseId}`);
    const { page } = opened;
    await page.getByRole('heading', { name: number }).waitFor();
    await page.keyboard.press('e');
    await page.getByText('Evidence opens only to who works on the case.').waitFor();
    await looksRight(opened, 'desk-evidence-shut');
    await page.getByRole('button', { name: 'Assign the case' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give it to me' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Assign', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Look again' }).click();
    await piece(opened, 'screen of the page.jpg').click();
    await drawn(opened, 'screen of the page.jpg');
    const first = viewer(opened, 'screen of the page.jpg');
    assert.match(await first.innerText(), /not scanned: that does not mean clean/);
    assert.match(await first.innerText(), /Phone 1/);
    await first.getByRole('button', { name: 'Zoom in' }).click();
    await first.getByText('140%').waitFor();
    await first.getByRole('button', { name: 'Fit' }).click();
    await page.getByLabel('Compare with').click();
    await page.locator('.ant-select-item-option').getByText('wallet.png').click();
    await drawn(opened, 'wallet.png');
    await looksRight(opened, 'desk-evidence-two');

    await first.getByRole('button', { name: 'Redact a copy' }).click();
    const drawing = first.locator('.drawing');
    await drawing.scrollIntoViewIfNeeded();
    const box = await drawing.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
    await page.mouse.up();
    await first.getByText('Part 1').waitFor();
    assert.equal(await first.getByLabel('Width %').inputValue(), '40.0');
    await first.getByLabel('Why this copy is made').fill('The police need the page, not the name.');
    await looksRight(opened, 'desk-redaction');
    await first.getByRole('button', { name: 'Make the copy' }).click();
    await world.settled();
    await first.getByText('ready').waitFor();
    await first.getByRole('button', { name: 'Give it to a third party' }).click();
    const share = page.getByRole('dialog');
    await share.getByLabel('To whom: a person or an office').fill('Police, cyber crime unit');
    await share.getByLabel('Why').fill('They asked for it in writing.');
    await looksRight(opened, 'desk-share');
    await share.getByRole('button', { name: 'Give it to a third party' }).click();
    const copy = page.waitForEvent('download');
    await confirmOnPage(opened, analyst);
    assert.equal((await copy).suggestedFilename(), 'screen of the page-redacted.jpg');

    await first.getByRole('button', { name: 'Download the original' }).click();
    await page.getByRole('dialog').getByLabel('Why you need the original').fill('To read its EXIF in full.');
    await page.getByRole('dialog').getByRole('button', { name: 'Download the original' }).click();
    const original = page.waitForEvent('download');
    assert.match(await confirmOnPage(opened, analyst), new RegExp(number));
    assert.equal((await original).suggestedFilename(), 'screen of the page.jpg');
    await piece(opened, 'mail.txt').click();
    await viewer(opened, 'mail.txt').getByText('You have won!').waitFor();

    await page.getByRole('link', { name: /Reports/ }).click();
    await page.getByText('<b>a page</b>').waitFor();
    assert.match(await page.locator('.report').innerText(), /1200\.50 USDT/);
    await looksRight(opened, 'desk-reports');
    assert.deepEqual(opened.wrong, []);
    await opened.close();
  });

  it('keeps every word while the server is away, and does the act once when it is back', async () => {
    const opened = await deskOf(analyst, 'phone-en', `/desk/cases/${caseId}`);
    const { page, context } = opened;
    await page.locator('.open-acts').getByRole('button', { name: 'Triage' }).click();
    await page.locator('.act-dialog textarea').fill('A page that looked like ours.');
    await context.setOffline(true);
    await page.locator('.act-dialog').getByRole('button', { name: 'Triage' }).click();
    await page.locator('.act-dialog').getByText('The server cannot be reached').waitFor();
    await looksRight(opened, 'desk-act-away');
    await context.setOffline(false);
    await page.reload();
    assert.equal(await page.locator('.act-dialog textarea').inputValue(), 'A page that looked like ours.');
    await page.locator('.act-dialog').getByRole('button', { name: 'Triage' }).click();
    await page.locator('.act-dialog').waitFor({ state: 'detached' });
    await page.locator('.case-title').getByText('Triaged').waitFor();
    assert.equal((await world.events('case.triaged')).length, 1);
    assert.deepEqual(
      opened.wrong.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
      [],
    );
    await opened.close();
  });

  it('lets compliance read its custody and hold it, and nothing else', async () => {
    const compliance = await signedInStaff(world, ['compliance']);
    const opened = await deskOf(compliance, 'desktop-zh-CN', `/desk/cases/${caseId}?tab=evidence`);
    const { page } = opened;
    await page.getByRole('button', { name: '显示保管记录（会被记录）' }).click();
    await page.getByRole('cell', { name: '交给第三方', exact: true }).waitFor();
    await looksRight(opened, 'desk-custody');
    await page.locator('.open-acts').getByRole('button', { name: '设置法律保全' }).click();
    await page.locator('.act-dialog textarea').fill('法院要求保全。');
    await page.locator('.act-dialog').getByRole('button', { name: '设置法律保全' }).click();
    await confirmOnPage(opened, compliance);
    await page.locator('.case-title').getByText('法律保全').waitFor();
    assert.deepEqual(await page.locator('.open-acts button').allInnerTexts(), ['解除法律保全']);
    assert.deepEqual(opened.wrong, []);
    await opened.close();
  });

  it('opens its evidence to an admin who breaks the glass, until they end it', async () => {
    const admin = await signedInStaff(world, ['admin']);
    const opened = await deskOf(admin, 'desktop-zh-CN', '/desk');
    const { page } = opened;
    await page.getByText('没有打开任何案件。').waitFor();
    await looksRight(opened, 'desk-break-glass');
    await page.getByLabel('案件编号').fill(number);
    await page.getByLabel('理由').fill('值班分析员全部联系不上，客户的资产正在被转走，需要立即查看证据。');
    await page.getByRole('button', { name: '打开证据' }).click();
    assert.match(await confirmOnPage(opened, admin), /紧急查看/);
    await page.getByRole('link', { name: '查看证据' }).click();
    await piece(opened, 'wallet.png').click();
    await drawn(opened, 'wallet.png');
    await looksRight(opened, 'desk-break-glass-open');
    await page.getByRole('link', { name: '← 紧急查看证据' }).click();
    await page.getByRole('button', { name: '结束' }).click();
    await page.getByText('没有打开任何案件。').waitFor();
    assert.deepEqual(opened.wrong, []);
    await opened.close();
  });
});
