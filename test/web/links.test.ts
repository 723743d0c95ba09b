import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { addPersonCommand } from '../../src/identity/index.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, openPage } from '../support/pages.js';
import { freshAddress, signedInCustomer } from '../support/people.js';

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

  for (const reader of ['phone-zh-CN', 'desktop-en'] as const) {
    it(`set a password by a set-up link, once, keeping what was typed when it is refused (${reader})`, async () => {
      const opened = await openPage(browser, world, reader);
      const { page, wrong, language } = opened;
      const email = freshAddress('agent');
      const { setupLink } = await addPersonCommand(world.ctx, { email, roles: ['agent'], locale: 'en' });
      await page.goto(setupLink);
      await page.locator('input[type=password]').fill('short');
      await page.locator('form button[type=submit]').click();
      assert.match(await page.locator('[role=alert]').innerText(), /12/);
      assert.equal(await page.locator('input[type=password]').inputValue(), 'short');
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.locator('form button[type=submit]').click();
      await page.locator('form').waitFor({ state: 'detached' });
      await looksRight(opened, 'setup');
      const signIn = await world.send('post', '/api/sessions').send({ email, password: PASSWORD });
      assert.equal(signIn.status, 200);

      await page.goto('about:blank');
      await page.goto(setupLink);
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.locator('form button[type=submit]').click();
      assert.match(await page.locator('[role=alert]').innerText(), language === 'en' ? /was used/ : /已经用过/);
      assert.deepEqual(wrong, []);
      await opened.close();
    });
  }

  it('confirm an address by the link of the mail and the password of the registration', async () => {
    const opened = await openPage(browser, world, 'desktop-en');
    const { page, wrong } = opened;
    const email = 'new.customer@mail.example';
    await world.send('post', '/api/registrations').send({ email, password: PASSWORD, locale: 'en' }).expect(202);
    await world.settled();
    const link = /http\S+\/confirm-address#[\w-]+/.exec(world.mails.at(-1)?.text ?? '')?.[0];
    await page.goto(String(link));
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.locator('form button[type=submit]').click();
    await page.locator('form').waitFor({ state: 'detached' });
    await world.send('post', '/api/sessions').send({ email, password: PASSWORD }).expect(200);
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  for (const reader of ['phone-zh-CN', 'desktop-en'] as const) {
    it(`hold an account by the link of a notice, only once the button is pressed (${reader})`, async () => {
      const opened = await openPage(browser, world, reader);
      const { page, wrong } = opened;
      const customer = await signedInCustomer(world);
      const given = { kind: 'email', value: freshAddress('second') };
      await customer.act('addContactPoint', '/api/me/contact-points', {}, given);
      await world.settled();
      const mailed = (to: string, path: string) =>
        String(
          new RegExp(`http\\S+/${path}#[\\w-]+`).exec(world.mails.findLast((mail) => mail.to === to)?.text ?? '')?.[0],
        );
      await page.goto(mailed(given.value, 'confirm-contact'));
      await page.locator('main button').click();
      await page.locator('[role=status]').waitFor();
      await looksRight(opened, 'confirm-contact');
      await world.settled();
      const link = mailed(customer.email, 'not-me');
      await page.goto('about:blank');
      await page.goto(link);
      await page.locator('main button').waitFor();
      await looksRight(opened, 'not-me');
      await customer.get('/api/me').expect(200);
      await page.locator('main button').click();
      await page.locator('[role=status]').waitFor();
      await looksRight(opened, 'not-me-done');
      assert.match(await page.locator('main').innerText(), /FB-/);
      await customer.get('/api/me').expect(401);
      await page.goto('about:blank');
      await page.goto(link);
      await page.locator('main button').click();
      await page.locator('[role=alert]').waitFor();
      assert.deepEqual(wrong, []);
      await opened.close();
    });
  }
});
