import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { type Customer, signedInCustomer } from '../support/people.js';
import { PNG } from '../support/stories.js';

/** The bar for a whole report with three screenshots. */
const MOST_PRESSES = 12;

/** The bar for all script of the page, compressed as it travels. */
const FIRST_LOAD_BYTES = 200 * 1_024;

const SCREENSHOTS = ['orders.png', 'withdrawals.png', 'sign-in.png'].map((name) => ({
  name,
  mimeType: 'image/png',
  buffer: PNG,
}));

/** Every press of a finger or a mouse, also those that only put the cursor into a field. */
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(
    'addEventListener("pointerdown", () => { window.presses = (window.presses ?? 0) + 1; }, true)',
  );
  return () => page.evaluate<number>('window.presses ?? 0');
}

async function choose(page: Page, button: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByText(button, { exact: true }).click(),
  ]);
  await chooser.setFiles(SCREENSHOTS);
}

/** Resolves once it watches; `window.left` is then how many files are kept in the moment in which the page closes its question. */
const WATCH_FILES_LEFT = `new Promise((watching, reject) => {
  const opened = indexedDB.open('firebreak-files');
  opened.onerror = () => reject(opened.error);
  opened.onsuccess = () => {
    window.left = new Promise((resolve) => {
      new MutationObserver((_, watch) => {
        if (document.querySelector('dialog')) return;
        watch.disconnect();
        const count = opened.result.transaction('files').objectStore('files').count();
        count.onsuccess = () => resolve(count.result);
      }).observe(document.body, { childList: true, subtree: true });
    });
    watching();
  };
})`;

const step = (page: Page, name: string) => page.getByRole('heading', { level: 2, name, exact: true }).waitFor();

describe('A report', function () {
  this.timeout(180_000);
  let world: TestContext;
  let browser: Browser;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const reportsKept = () => world.ctx.db.connection.collection('reports').countDocuments();

  async function signedIn(reader: Parameters<typeof openPage>[2]): Promise<{ opened: Opened; customer: Customer }> {
    const customer = await signedInCustomer(world);
    const opened = await openPage(browser, world, reader);
    await opened.page.goto(`${world.url}/cases`);
    await signInOnPage(opened, customer);
    return { opened, customer };
  }

  it('weighs little on its first visit', async () => {
    const opened = await openPage(browser, world, 'phone-en');
    const { page } = opened;
    const scripts: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.url().endsWith('.js')) scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(`${world.url}/report`, { waitUntil: 'networkidle' });
    await step(page, 'What is it');
    const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    assert.ok(scripts.length > 1 && bytes > 50_000, 'the scripts were seen');
    assert.ok(bytes <= FIRST_LOAD_BYTES, `${bytes} bytes of compressed script`);
    await opened.close();
  });

  it('is sent by a stranger on a phone, with three screenshots, in few presses (zh-CN)', async () => {
    const opened = await openPage(browser, world, 'phone-zh-CN');
    const { page, wrong } = opened;
    const presses = await countPresses(page);
    await page.goto(world.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await looksRight(opened, 'home-stranger');
    await page.getByRole('link', { name: /^报告发生了什么/ }).click();
    await step(page, '发生了什么');
    await looksRight(opened, 'report-kind');
    await page.getByRole('button', { name: /资产被转走/ }).click();
    await step(page, '哪些不是您操作的');
    await looksRight(opened, 'report-which');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('textbox', { name: '发生了什么' }).click();
    await page.keyboard.type('昨晚收到陌生登录的通知，今天早上发现 0.18 BTC 不见了。');
    await looksRight(opened, 'report-story');
    await page.getByRole('button', { name: '下一步' }).click();
    await step(page, '证据');
    await choose(page, '选择文件');
    await page.locator('.file').nth(2).waitFor();
    await looksRight(opened, 'report-evidence');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('textbox', { name: '邮箱', exact: true }).click();
    await page.keyboard.type('stranger.zh@mail.example');
    await looksRight(opened, 'report-contact');
    await page.getByRole('button', { name: '下一步' }).click();
    await step(page, '检查并发送');
    await looksRight(opened, 'report-check');
    await page.getByRole('button', { name: '发送报告' }).click();
    await page.locator('.case-number').waitFor();
    await looksRight(opened, 'report-sent');
    assert.ok((await presses()) <= MOST_PRESSES, `${await presses()} presses`);

    const number = await page.locator('.case-number').innerText();
    const link = await page.locator('.tracking-link').innerText();
    const { caseId, whatHappened } = (await world.ctx.db.connection
      .collection('reports')
      .findOne({ caseNumber: number })) as unknown as { caseId: string; whatHappened: string };
    assert.match(whatHappened, /0\.18 BTC/);
    assert.equal(await world.ctx.db.connection.collection('evidence').countDocuments({ caseId }), 3);
    await page.reload();
    assert.equal(await page.locator('.case-number').innerText(), number, 'a reload does not lose the only link');
    assert.equal(await page.evaluate('localStorage.getItem("report")'), null, 'what was sent is off the device');

    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText(number).waitFor();
    await looksRight(opened, 'track');
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  it('freezes the account of a signed-in customer, who picks what was not theirs (en)', async () => {
    const { opened, customer } = await signedIn('desktop-en');
    const { page, wrong } = opened;
    const presses = await countPresses(page);
    await page.goto(world.url);
    await page.getByRole('button', { name: 'Freeze my account now' }).waitFor();
    await looksRight(opened, 'home-customer');
    await page.getByRole('link', { name: /^Report what happened/ }).click();
    await page.getByRole('button', { name: /Assets were withdrawn/ }).click();
    await page.getByRole('checkbox', { name: /0.18 BTC/ }).click();
    await page.getByRole('checkbox', { name: /9500.00 USDT/ }).click();
    await looksRight(opened, 'report-which');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'What happened' }).fill('Two withdrawals that were not mine.');
    assert.notEqual(await page.getByLabel('Roughly when it happened').inputValue(), '');
    await page.getByRole('button', { name: 'Next' }).click();
    await choose(page, 'Choose files');
    await page.locator('.file').nth(2).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await looksRight(opened, 'report-check');
    await page.getByRole('button', { name: 'Send and freeze the account' }).click();
    await looksRight(opened, 'report-confirm');
    assert.match(await confirmOnPage(opened, customer), /freezes it at once/);
    await page.locator('.freeze[data-state=active]').waitFor();
    await page.locator('.file-state.done').nth(2).waitFor();
    await looksRight(opened, 'report-sent');
    assert.ok((await presses()) <= MOST_PRESSES, `${await presses()} presses`);

    await page.getByRole('link', { name: 'Follow the case' }).click();
    await page.locator('#evidence .file').nth(2).waitFor();
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  it('outlives reloads as a draft, its files too, until it is discarded', async () => {
    const opened = await openPage(browser, world, 'phone-en');
    const { page, wrong } = opened;
    await page.goto(`${world.url}/report?step=story`);
    await page.getByRole('textbox', { name: 'What happened' }).fill('Written on a train.');
    await page.goto(`${world.url}/report?step=evidence`);
    await choose(page, 'Choose files');
    await page.locator('.file').nth(2).waitFor();
    await page.reload();
    await page.locator('.file').nth(2).waitFor();
    await page.goto(`${world.url}/report?step=check`);
    await page.getByRole('button', { name: 'Choose what kind it is' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Send the report' }).isDisabled(), true);
    await page.getByText('Written on a train.').waitFor();
    await looksRight(opened, 'report-incomplete');
    await page.getByRole('button', { name: 'Discard the draft' }).click();
    await page.evaluate(WATCH_FILES_LEFT);
    await page.getByRole('dialog').getByRole('button', { name: 'Discard the draft' }).click();
    assert.equal(await page.evaluate('window.left'), 0);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`${world.url}/report?step=evidence`);
    await step(page, 'Evidence');
    assert.equal(await page.locator('.file').count(), 0);
    assert.equal(await page.evaluate('localStorage.getItem("report")'), null);
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  it('is filed once when the connection breaks before, and again after, it arrived', async () => {
    const opened = await openPage(browser, world, 'phone-en');
    const { page } = opened;
    const before = await reportsKept();
    let tries = 0;
    await page.route('**/api/reports', async (route) => {
      tries += 1;
      if (tries === 1) return route.abort('connectionreset');
      if (tries === 2) {
        await route.fetch(); // it arrives, and nobody hears the answer
        return route.abort('connectionreset');
      }
      return route.continue();
    });
    await page.goto(`${world.url}/report?kind=phishing`);
    await step(page, 'What was not you');
    await page.goto(`${world.url}/report?step=story`);
    await page.getByRole('textbox', { name: 'What happened' }).fill('A fake support agent had me read out a code.');
    await page.goto(`${world.url}/report?step=contact`);
    await page.getByRole('textbox', { name: 'E-mail', exact: true }).fill('train@mail.example');
    await page.goto(`${world.url}/report?step=check`);
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText(/The connection is bad/).waitFor();
    await looksRight(opened, 'report-retrying');
    await page.locator('.case-number').waitFor();
    assert.equal(tries, 3);
    assert.equal((await reportsKept()) - before, 1);
    await opened.close();
  });

  it('freezes with one press and one confirmation, and calls frozen only what the exchange confirmed (zh-CN)', async () => {
    const { opened, customer } = await signedIn('phone-zh-CN');
    const { page, wrong } = opened;
    await world.simulator.fail({ fail: 'slow', ms: 3_000, on: ['freeze'] });
    await page.goto(world.url);
    await page.getByRole('button', { name: '立即冻结我的账户' }).click();
    await confirmOnPage(opened, customer);
    await page.locator('.freeze[data-state=requested]').waitFor();
    assert.equal(await page.locator('.freeze [data-how=frozen]').count(), 0);
    await looksRight(opened, 'home-asked');
    await page.locator('.freeze[data-state=active]').waitFor();
    await looksRight(opened, 'home-frozen');
    await page.getByRole('link', { name: '告诉我们发生了什么' }).click();
    await step(page, '哪些不是您操作的');
    await world.simulator.reset();
    assert.deepEqual(wrong, []);
    await opened.close();
  });
});
