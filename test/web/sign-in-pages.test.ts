import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { SsoLinks } from '../../src/identity/sso/words.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, signedInCustomer } from '../support/people.js';
import { startProvider } from '../support/provider.js';

const NEXT = 'cormorant-Bridge 91 slate';

describe('The pages that sign-in leads over', function () {
  this.timeout(60_000);
  let world: TestContext;
  let browser: Browser;
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let customer: Customer;

  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    const secret = randomBytes(24).toString('base64url');
    provider = await startProvider(secret, 'localhost');
    const sso = {
      SSO_CUSTOMER_ISSUER: provider.issuer,
      SSO_CUSTOMER_CLIENT_ID: 'firebreak',
      SSO_CUSTOMER_SECRET: secret,
    };
    world = await testContext({ ...sso, SSO_CUSTOMER_STRONG: 'two-factors' });
    provider.admit(`${world.url}/sso/callback`);
    customer = await signedInCustomer(world);
    await SsoLinks(world.ctx.db).create([
      {
        _id: 'sso_1',
        personId: customer.personId,
        provider: 'customer',
        issuer: provider.issuer,
        subject: 'li-there',
        linkedAt: new Date(),
      },
    ]);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await provider?.close();
  });

  const SET_OUT = `fetch('/api/sso/customer/sign-ins', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
    .then((response) => response.json()).then(({ url }) => { location.href = url; })`;

  it('bring whoever comes back from another site in, by cookies that other site never had', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${world.url}/track`);
    provider.expect({ subject: 'li-there', acr: 'two-factors' });
    await page.evaluate(SET_OUT);
    await page.waitForURL(`${world.url}/`);
    await page.getByText('Sign out').waitFor();
    const names = (await context.cookies()).filter(({ domain }) => domain === '127.0.0.1').map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ['device', 'refresh', 'sso']);
    await context.close();
  });

  it('ask for the second factor where the provider asked for one', async () => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto(`${world.url}/track`);
    provider.expect({ subject: 'li-there', acr: 'one-factor' });
    await page.evaluate(SET_OUT);
    await page.fill('input[autocomplete=one-time-code]', await customer.code());
    await page.click('button[type=submit]');
    await page.getByText('退出').waitFor();
    await context.close();
  });

  it('turn away whoever is nobody here, and whoever did not set out', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${world.url}/track`);
    provider.expect({ subject: customer.email });
    await page.evaluate(SET_OUT);
    await page.getByText('That account is not linked yet.').waitFor();
    await page.goto(`${world.url}/sso/callback?state=${'A'.repeat(43)}&code=x`);
    await page.getByText('That did not work.').waitFor();
    await context.close();
  });

  it('set a new password with the mailed link and a code', async () => {
    await world.send('post', '/api/password-resets').send({ email: customer.email, locale: 'en' }).expect(202);
    await world.settled();
    const mail = world.mails.findLast(({ to, text }) => to === customer.email && text.includes('/reset-password#'));
    const link = /http\S+\/reset-password#[\w-]{48}/.exec(mail?.text ?? '')?.[0] ?? assert.fail('no link was mailed');
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(link);
    await page.fill('input[type=password]', NEXT);
    await page.fill('input[autocomplete=one-time-code]', '000000');
    await page.click('button[type=submit]');
    await page.getByText('the code is not the one').waitFor();
    await page.fill('input[autocomplete=one-time-code]', await customer.code());
    await page.click('button[type=submit]');
    await page.getByText('The new password is saved.').waitFor();
    await page.close();
    const credentials = { email: customer.email, password: NEXT };
    const { body } = await world.send('post', '/api/sessions').send(credentials).expect(200);
    assert.equal(body.next, 'second-factor');
    await customer.get('/api/me').expect(401);
  });
});
