import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { addPersonCommand } from '../../src/identity/index.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { signedInCustomer } from '../support/people.js';

const READERS = {
  'zh-CN': { locale: 'zh-CN', viewport: { width: 390, height: 844 }, timezoneId: 'Asia/Shanghai' },
  en: { locale: 'en-GB', viewport: { width: 1440, height: 900 }, timezoneId: 'Europe/London' },
} as const;
const PASSWORD = 'correct horse battery staple 9';

describe('The pages behind our links', () => {
  let world: TestContext;
  let browser: Browser;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  /** A page of a reader, and everything on it that went wrong besides answers that were expected to refuse. */
  async function open(reader: BrowserContext): Promise<{ page: Page; wrong: string[] }> {
    const page = await reader.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (sent) => {
      if (!sent.url().startsWith(world.url) && !sent.url().startsWith('data:')) wrong.push(`outside: ${sent.url()}`);
      if (sent.url().includes('#') || sent.url().includes('token='))
        wrong.push(`the secret left the page: ${sent.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrong.push(message.text());
    });
    return { page, wrong };
  }

  async function fits(page: Page, name: string): Promise<void> {
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.equal(wide, 0, 'the page scrolls sideways');
    const shot = process.env['SCREENSHOTS'];
    if (shot) await page.screenshot({ path: join(shot, `${name}.png`) });
  }

  for (const [language, reader] of Object.entries(READERS)) {
    it(`show a stranger where the case stands (${language})`, async () => {
      const context = await browser.newContext(reader);
      const { page, wrong } = await open(context);
      const report = { kind: 'phishing', whatHappened: 'x', contact: { phone: `+86138001${Date.now() % 100_000}` } };
      const { body } = await world.send('post', '/api/reports').send(report).expect(201);
      await page.goto(body.trackingLink);
      await page.locator('dl').waitFor();
      const text = await page.locator('main').innerText();
      assert.ok(text.includes(body.caseNumber), text);
      assert.ok(text.includes(language === 'en' ? 'What comes next' : '接下来'), text);
      assert.match(text, /GMT|BST|UTC/, 'a time names its zone');
      assert.equal(await page.evaluate('document.documentElement.lang'), language);
      await fits(page, `track-${language}`);
      await page.locator('#language').click();
      const other = await page.locator('main').innerText();
      assert.ok(other.includes(language === 'en' ? '接下来' : 'What comes next'), other);
      assert.deepEqual(wrong, []);
      await context.close();
    });

    it(`say when a tracking link does not hold, or is not whole (${language})`, async () => {
      const context = await browser.newContext(reader);
      const { page, wrong } = await open(context);
      await page.goto(`${world.url}/track#${'a'.repeat(43)}`);
      await page.locator('[role=alert]').waitFor();
      await page.goto('about:blank');
      await page.goto(`${world.url}/track`);
      const text = await page.locator('[role=alert]').innerText();
      assert.match(text, language === 'en' ? /incomplete/ : /不完整/);
      assert.deepEqual(wrong, []);
      await context.close();
    });

    it(`set a password by a set-up link, once, keeping what was typed when it is refused (${language})`, async () => {
      const context = await browser.newContext(reader);
      const { page, wrong } = await open(context);
      const email = `agent-${language.toLowerCase()}@firebreak.example`;
      const { setupLink } = await addPersonCommand(world.ctx, { email, roles: ['agent'], locale: 'en' });
      await page.goto(setupLink);
      await page.locator('#password').fill('short');
      await page.locator('form button').click();
      assert.match(await page.locator('[role=alert]').innerText(), /12/);
      assert.equal(await page.locator('#password').inputValue(), 'short');
      await page.locator('#password').fill(PASSWORD);
      await page.locator('form button').click();
      await page.locator('form').waitFor({ state: 'detached' });
      await fits(page, `setup-${language}`);
      const signIn = await world.send('post', '/api/sessions').send({ email, password: PASSWORD });
      assert.equal(signIn.status, 200);

      await page.goto('about:blank');
      await page.goto(setupLink);
      await page.locator('#password').fill(PASSWORD);
      await page.locator('form button').click();
      assert.match(await page.locator('[role=alert]').innerText(), language === 'en' ? /was used/ : /已经用过/);
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }

  it('confirm an address by the link of the mail and the password of the registration', async () => {
    const context = await browser.newContext(READERS.en);
    const { page, wrong } = await open(context);
    const email = 'new.customer@mail.example';
    await world.send('post', '/api/registrations').send({ email, password: PASSWORD, locale: 'en' }).expect(202);
    await world.settled();
    const link = /http\S+\/confirm-address#[\w-]+/.exec(world.mails.at(-1)?.text ?? '')?.[0];
    await page.goto(String(link));
    await page.locator('#password').fill(PASSWORD);
    await page.locator('form button').click();
    await page.locator('form').waitFor({ state: 'detached' });
    await world.send('post', '/api/sessions').send({ email, password: PASSWORD }).expect(200);
    assert.deepEqual(wrong, []);
    await context.close();
  });

  for (const [language, reader] of Object.entries(READERS)) {
    it(`hold an account by the link of a notice, only once the button is pressed (${language})`, async () => {
      const context = await browser.newContext(reader);
      const { page, wrong } = await open(context);
      const customer = await signedInCustomer(world);
      const given = { kind: 'email', value: `second.${language.toLowerCase()}@mail.example` };
      await customer.act('addContactPoint', '/api/me/contact-points', {}, given);
      await world.settled();
      const mailed = (to: string, path: string) =>
        String(
          new RegExp(`http\\S+/${path}#[\\w-]+`).exec(world.mails.findLast((mail) => mail.to === to)?.text ?? '')?.[0],
        );
      await page.goto(mailed(given.value, 'confirm-contact'));
      await page.locator('main button').click();
      await page.locator('[role=status]').waitFor();
      await fits(page, `confirm-contact-${language}`);
      await world.settled();
      const link = mailed(customer.email, 'not-me');
      await page.goto('about:blank');
      await page.goto(link);
      await page.locator('main button').waitFor();
      await fits(page, `not-me-${language}`);
      await customer.get('/api/me').expect(200);
      await page.locator('main button').click();
      await page.locator('[role=status]').waitFor();
      await fits(page, `not-me-done-${language}`);
      assert.match(await page.locator('main').innerText(), /FB-/);
      await customer.get('/api/me').expect(401);
      await page.goto('about:blank');
      await page.goto(link);
      await page.locator('main button').click();
      await page.locator('[role=alert]').waitFor();
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }
});
