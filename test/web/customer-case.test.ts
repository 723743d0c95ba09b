import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, openPage, signInOnPage } from '../support/pages.js';
import { signedInCustomer, signedInStaff } from '../support/people.js';
import { frozenCase, PNG } from '../support/stories.js';

describe("A customer's case", function () {
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

  it('shows where it stands, takes proof, messages and evidence, and gives a copy and receipts (en)', async () => {
    const customer = await signedInCustomer(world);
    const agent = await signedInStaff(world, ['agent']);
    const opened = await openPage(browser, world, 'desktop-en');
    const { page, wrong } = opened;
    await page.goto(`${world.url}/cases`);
    await signInOnPage(opened, customer);
    await page.getByText('You have no case.').waitFor();
    await looksRight(opened, 'cases-empty');

    const { caseId, path, number } = await frozenCase(world, customer);
    await agent.post(`${path}/messages`, { audience: 'customer', text: 'Which device did you use?' }).expect(201);
    await page.reload();
    await page.getByText(number).waitFor();
    await looksRight(opened, 'cases');
    await page.getByRole('link', { name: new RegExp(number) }).click();
    await page.locator('.freeze[data-state=active]').waitFor();
    assert.equal(await page.locator('.freeze [data-how=frozen]').count(), 7);
    await page.getByText('Which device did you use?').waitFor();
    await looksRight(opened, 'case');

    await page.getByRole('button', { name: 'Prove it with my authenticator or passkey' }).click();
    assert.match(await confirmOnPage(opened, customer), new RegExp(number));
    await page.locator('.needed [data-how=passed]').waitFor();
    assert.equal(await page.locator('.case-steps [aria-current=step] strong').innerText(), 'Verify identity');

    const words = page.getByRole('textbox', { name: 'Write to the security officers' });
    await words.fill('My own telephone.');
    await page.reload();
    assert.equal(await words.inputValue(), 'My own telephone.', 'what is being written outlives a reload');
    await page.getByRole('button', { name: 'Send the message' }).click();
    await page.locator('.messages [data-from=customer]').waitFor();

    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByText('Choose files').click()]);
    await chooser.setFiles([{ name: 'passport.png', mimeType: 'image/png', buffer: PNG }]);
    await page.locator('#evidence .file-state.done').waitFor();
    await page.locator('#evidence img').first().waitFor();

    const [copy] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download a copy' }).click(),
    ]);
    assert.equal(copy.suggestedFilename(), `${number}.json`);
    const document = JSON.parse(await readFile(await copy.path(), 'utf8'));
    assert.equal(document.case.caseId, caseId);

    await page.locator('summary', { hasText: 'Receipts' }).click();
    await page.locator('summary', { hasText: 'Everything that happened' }).click();
    await page.locator('.receipts li').first().waitFor();
    await world.settled();
    await page
      .locator('.receipts li')
      .last()
      .getByRole('button', { name: /^Check/ })
      .click();
    await page.getByText(/in the log$/).waitFor();
    await looksRight(opened, 'case-worked-on');
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  it('calls nothing frozen that the exchange did not confirm (zh-CN)', async () => {
    const customer = await signedInCustomer(world);
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'] });
    const { caseId } = await frozenCase(world, customer);
    await world.simulator.reset();
    const opened = await openPage(browser, world, 'phone-zh-CN');
    const { page, wrong } = opened;
    await page.goto(`${world.url}/cases/${caseId}`);
    await signInOnPage(opened, customer);
    await page.locator('.freeze[data-state=partial]').waitFor();
    assert.match(await page.locator('.freeze h3').innerText(), /只冻结了一部分/);
    const trading = page.locator('.freeze li', { hasText: '交易' }).first();
    assert.match(await trading.innerText(), /未冻结/);
    await looksRight(opened, 'case-partly-frozen');
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  it('sends a large file in pieces, and goes on where it was cut, over a reload too (en)', async () => {
    const customer = await signedInCustomer(world);
    const { path } = await frozenCase(world, customer);
    const opened = await openPage(browser, world, 'desktop-en');
    const { page } = opened;
    await page.goto(world.url + path.replace('/api', ''));
    await signInOnPage(opened, customer);
    await page.getByText('Choose files').waitFor();
    let pieces = 0;
    const cut = '**/uploads/*';
    await page.route(cut, (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      pieces += 1;
      return pieces === 2
        ? route.abort('connectionreset')
        : pieces > 2
          ? route.abort('internetdisconnected')
          : route.continue();
    });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByText('Choose files').click()]);
    const video = Buffer.concat([PNG, Buffer.alloc(7 * 1_048_576, 7)]);
    await chooser.setFiles([{ name: 'recording.png', mimeType: 'image/png', buffer: video }]);
    await page.getByText(/The connection is bad/).waitFor();
    await looksRight(opened, 'case-upload-retrying');
    const offsets: string[] = [];
    page.on('request', (sent) => {
      if (sent.method() === 'PATCH') offsets.push(sent.headers()['upload-offset'] ?? '');
    });
    await page.reload(); // still without a network for pieces
    await page.getByText(/The connection is bad/).waitFor();
    await page.unroute(cut);
    await page.locator('#evidence .file-state.done').waitFor();
    assert.equal(offsets[0], String(2 * 1_048_576), 'what had arrived is not sent again');
    await world.settled();
    const { body } = await customer.get(`${path}/evidence`).expect(200);
    assert.equal(body.evidence[0].size, video.length);
    await opened.close();
  });

  for (const reader of ['phone-zh-CN', 'desktop-en'] as const) {
    it(`is followed by its secret link, which never leaves the page (${reader})`, async () => {
      const opened = await openPage(browser, world, reader);
      const { page, wrong, language } = opened;
      page.on('request', (sent) => {
        if (/#|token=/.test(sent.url())) wrong.push(`the secret left the page: ${sent.url()}`);
      });
      const report = { kind: 'phishing', whatHappened: 'x', contact: { phone: `+86138001${Date.now() % 100_000}` } };
      const { body } = await world.send('post', '/api/reports').send(report).expect(201);
      await page.goto(body.trackingLink);
      await page.locator('.case-number').waitFor();
      const text = await page.locator('main').innerText();
      assert.ok(text.includes(body.caseNumber), text);
      assert.match(text, language === 'en' ? /A security officer will read/ : /安全人员将阅读/);
      assert.match(text, /GMT|BST|UTC/, 'a time names its zone');
      await looksRight(opened, 'track');
      await page.goto('about:blank');
      await page.goto(`${world.url}/track#${'a'.repeat(43)}`);
      await page.locator('[role=alert]').waitFor();
      await page.goto('about:blank');
      await page.goto(`${world.url}/track`);
      assert.match(await page.locator('[role=alert]').innerText(), language === 'en' ? /incomplete/ : /不完整/);
      await looksRight(opened, 'track-incomplete');
      assert.deepEqual(wrong, []);
      await opened.close();
    });
  }

  it('lets the owner cancel a hold that somebody else asked for (zh-CN)', async () => {
    const customer = await signedInCustomer(world);
    await world
      .send('post', '/api/reports')
      .send({
        kind: 'account_takeover',
        whatHappened: 'I saw a message from this account.',
        contact: { email: 'neighbour@mail.example' },
        account: { uid: customer.uid },
        requestHold: true,
      })
      .expect(201);
    await world.settled();
    const opened = await openPage(browser, world, 'phone-zh-CN');
    const { page, wrong } = opened;
    await page.goto(`${world.url}/cases`);
    await signInOnPage(opened, customer);
    await page.getByText('您的账户提现已被请求暂停').waitFor();
    await looksRight(opened, 'own-hold');
    await page.getByRole('button', { name: '取消暂停' }).click();
    await confirmOnPage(opened, customer);
    await page.getByRole('button', { name: '取消暂停' }).waitFor({ state: 'detached' });
    await world.settled();
    const { body } = await customer.get('/api/holds').expect(200);
    assert.deepEqual(body.holds, []);
    assert.deepEqual(wrong, []);
    await opened.close();
  });
});
