import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Player } from '../../src/demo/people.js';
import { openBrowser } from '../support/browser.js';
import { type Opened, openPage, type ReaderName } from '../support/pages.js';
import { startWorld, type World } from '../support/world.js';

/** What a browser says of a server that is not there, or is still starting (`open` tells those of one that serves); all else is a fault. */
const AWAY = /ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|status of 503/;

describe('A server that is killed while a form is filled in', function () {
  this.timeout(300_000);
  let world: World;
  let browser: Browser;
  let agent: Player;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    ({ world, prepared: agent } = await startWorld({ inOne: true }, async (past) => {
      const [player] = await past.enrol(['agent']);
      const contact = { email: 'stranger.before@mail.example' };
      const told = { kind: 'phishing', language: 'en', whatHappened: 'A page that looked like yours.', contact };
      await past.caller('stranger').ask('POST', '/api/reports', told);
      assert.ok(player);
      return player;
    }));
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = async (reader: ReaderName, path: string): Promise<Opened> => {
    const url = await world.web.said();
    const opened = await openPage(browser, { url }, reader);
    opened.page.on('response', (response) => {
      const serves = 'x-request-id' in response.headers();
      if (response.status() === 503 && serves) opened.wrong.push(`503 of a server that serves: ${response.url()}`);
    });
    await opened.page.goto(`${url}${path}`);
    return opened;
  };

  const kill = () => world.web.end('SIGKILL');

  const close = async (opened: Opened) => {
    assert.deepEqual(
      opened.wrong.filter((line) => !AWAY.test(line)),
      [],
    );
    await opened.close();
  };

  const count = (collection: string, filter: object = {}) =>
    world.look((ctx) => ctx.db.connection.collection(collection).countDocuments(filter));

  it('costs a stranger nothing of their report, which is filed once when the server is back', async () => {
    const opened = await open('phone-zh-CN', '/report');
    const { page } = opened;
    await page.getByRole('button', { name: /资产被转走/ }).click();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('textbox', { name: '发生了什么' }).fill('醒来发现 0.18 BTC 不见了。');
    await kill();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('textbox', { name: '邮箱', exact: true }).fill('stranger.stops@mail.example');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '发送报告' }).click();
    await page.getByText(/正在自动重试/).waitFor();
    await world.web.start();
    await page.locator('.case-number').waitFor();
    assert.equal(await count('reports', { whatHappened: /0\.18 BTC/ }), 1);
    await close(opened);
  });

  it('costs staff neither their sign-in nor their session, nor a word of an act, which happens once', async () => {
    const opened = await open('desktop-en', '/desk');
    const { page } = opened;
    await page.locator('input[autocomplete=username]').fill(agent.email);
    await page.locator('input[autocomplete=current-password]').fill(agent.password);
    await kill();
    const signIn = page.locator('form.sign-in button[type=submit]');
    await signIn.click();
    await page.getByText('The server cannot be reached').waitFor();
    await world.web.start();
    await signIn.click();
    const now = await world.live(agent.caller);
    await page.locator('input[autocomplete=one-time-code]').fill(await now.code());
    await signIn.click();
    await page.locator('.case-row').first().getByRole('link').click();

    await page.locator('.open-acts').getByRole('button', { name: 'Triage' }).click();
    const dialog = page.locator('.act-dialog');
    await dialog.locator('textarea').fill('Withdrawn at night, to an address that is new.');
    await kill();
    await dialog.getByRole('button', { name: 'Triage' }).click();
    await dialog.getByText('The server cannot be reached').waitFor();
    await world.web.start();
    await dialog.getByRole('button', { name: 'Triage' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.case-title').getByText('Triaged').waitFor();
    assert.equal(await count('auditEvents', { action: 'case.triaged' }), 1);
    await close(opened);
  });
});
