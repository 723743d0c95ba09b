import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, openPage, signInOnPage } from '../support/pages.js';
import { type Person, signedInStaff } from '../support/people.js';

describe('The doors', function () {
  this.timeout(120_000);
  let world: TestContext;
  let browser: Browser;
  let agent: Person;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    agent = await signedInStaff(world, ['agent']);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  it('let no inline script in, and style elements of staff pages by the nonce of one answer', async () => {
    const { headers: customer } = await world.send('get', '/').expect(200);
    const [first, second] = await Promise.all([world.send('get', '/desk'), world.send('get', '/desk')]);
    assert.match(String(customer['content-security-policy']), /script-src 'self';style-src 'self';/);
    const nonces = [first, second].map(({ headers, text }) => {
      const [, nonce = ''] =
        /style-src 'self' 'nonce-([^']{22,})'/.exec(String(headers['content-security-policy'])) ?? [];
      assert.ok(text.includes(`nonce="${nonce}"`));
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
      return nonce;
    });
    assert.notEqual(nonces[0], nonces[1]);
  });

  it('hand scripts out compressed, for good, and pages never from a cache', async () => {
    const { text, headers } = await world.send('get', '/').expect(200);
    assert.equal(headers['cache-control'], 'no-store');
    const [, script = ''] = /src="(\/web\/assets\/[^"]+\.js)"/.exec(text) ?? [];
    const answer = await world.send('get', script, { 'Accept-Encoding': 'br' }).expect(200);
    assert.equal(answer.headers['content-encoding'], 'br');
    assert.match(String(answer.headers['cache-control']), /immutable/);
  });

  it('answer a browser that is lost with a page, and a program with a problem document', async () => {
    const page = await world.send('get', '/nowhere', { Accept: 'text/html' }).expect(404);
    assert.match(String(page.headers['content-type']), /html/);
    const problem = await world.send('get', '/nowhere').expect(404);
    assert.equal(problem.body.code, 'not_found');
    await world
      .send('get', '/api/nowhere', { Accept: 'text/html' })
      .expect(404)
      .expect('Content-Type', /problem\+json/);
  });

  it('move nothing for whoever asks for no motion: what is put somewhere is there at once', async () => {
    for (const path of ['/desk', '/']) {
      const { page, close } = await openPage(browser, world, 'desktop-en');
      await page.goto(`${world.url}${path}`);
      // How a menu is placed: rendered off the screen, then measured where it shall stand.
      const left = await page.evaluate<number>(`(() => {
        const menu = document.body.appendChild(document.createElement('div'));
        Object.assign(menu.style, { position: 'absolute', left: '-1000px' });
        menu.getBoundingClientRect();
        menu.style.left = '0';
        return menu.getBoundingClientRect().left;
      })()`);
      assert.equal(left, 0, path);
      await close();
    }
  });

  it('say that nobody was signed out while the server cannot end the session', async () => {
    for (const [path, menu] of [['/desk', agent.email] as const, ['/', undefined] as const]) {
      const { page, ...opened } = await openPage(browser, world, 'desktop-en');
      await page.goto(`${world.url}/desk`);
      await signInOnPage({ page, ...opened }, agent);
      await page.goto(`${world.url}${path}`);
      const signOut = async () => {
        if (menu) await page.getByText(menu).click();
        await page.getByText('Sign out', { exact: true }).click();
      };
      for (const answer of ['abort', 500, 503] as const) {
        await page.route('**/api/sessions/current', (route) =>
          answer === 'abort'
            ? route.abort()
            : route.fulfill({ status: answer, contentType: 'application/problem+json', body: '{"code":"internal"}' }),
        );
        await signOut();
        await page.getByRole('alert').getByText('You are still signed in.').waitFor();
        await page.unroute('**/api/sessions/current');
        await page.reload();
        await page.getByText('Sign out', { exact: true }).or(page.getByText(agent.email)).first().waitFor();
      }
      await signOut();
      await (menu ? page.locator('form.sign-in') : page.getByRole('link', { name: 'Sign in', exact: true })).waitFor();
      await opened.close();
    }
  });

  it('keep somebody signed in over a reload and in a second tab, and sign out everywhere', async () => {
    const opened = await openPage(browser, world, 'desktop-en');
    const { page, context, wrong } = opened;
    await page.goto(`${world.url}/desk`);
    await looksRight(opened, 'sign-in');
    await signInOnPage(opened, agent);
    await page.reload();
    await page.getByText(agent.email).waitFor();
    const second = await context.newPage();
    await second.goto(`${world.url}/desk`);
    await second.getByText(agent.email).click();
    await second.getByText('Sign out').click();
    await page.locator('form.sign-in').waitFor();
    await second.locator('form.sign-in').waitFor();
    assert.deepEqual(wrong, []);
    await opened.close();
  });
});
