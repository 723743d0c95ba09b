import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { confirmOnPage, looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { type Customer, PASSWORD, signedInCustomer, signedInStaff } from '../support/people.js';

describe('The security pages', function () {
  this.timeout(180_000);
  let world: TestContext;
  let browser: Browser;
  /** WebAuthn knows names only. */
  let named: { url: string };
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
    named = { url: world.url.replace('127.0.0.1', 'localhost') };
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  /** A device that knows its owner and keeps passkeys. */
  async function withDevice({ page, context }: Opened): Promise<void> {
    const device = await context.newCDPSession(page);
    await device.send('WebAuthn.enable');
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  }

  const section = ({ page }: Opened, id: string) => page.locator(`section#${id}`);

  it('give staff nothing but a first factor, show recovery codes once, and then let them sign in with the passkey alone', async () => {
    const agent = await signedInStaff(world, ['agent'], { secondFactor: false });
    const opened = await openPage(browser, named, 'desktop-en');
    const { page, wrong } = opened;
    await withDevice(opened);
    await page.goto(`${named.url}/sign-in`);
    await page.locator('input[autocomplete=username]').fill(agent.email);
    await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
    await page.locator('form.sign-in button[type=submit]').click();
    await page.getByRole('heading', { name: 'Set up a second factor first' }).waitFor();
    assert.equal(await page.locator('section#sessions').count(), 0);
    await looksRight(opened, 'security-enrol');

    const passkeys = section(opened, 'passkeys');
    await passkeys.getByLabel('A name for the new passkey').fill('Desk key');
    await passkeys.getByLabel('Your password again').fill(PASSWORD);
    await passkeys.getByRole('button', { name: 'Add a passkey' }).click();
    await page.locator('dialog .codes li').first().waitFor();
    assert.equal(await page.locator('dialog .codes li').count(), 10);
    await looksRight(opened, 'recovery-codes');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await section(opened, 'passkeys').getByText('Desk key').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('heading', { name: 'Security' }).waitFor();

    await section(opened, 'recovery-codes').getByRole('button', { name: 'Make ten new ones' }).click();
    const dialog = page.locator('dialog.dialog[open]');
    await dialog.locator('.confirming').waitFor();
    await looksRight(opened, 'step-up-passkey');
    await dialog.getByRole('button', { name: 'Confirm with a passkey' }).click();
    await page.locator('dialog .codes li').first().waitFor();
    assert.deepEqual(wrong, []);
    await opened.close();
  });

  for (const reader of ['phone-zh-CN', 'desktop-en'] as const) {
    it(`say what is weak and where to mend it, and replace the authenticator with the one before (${reader})`, async () => {
      const customer = await signedInCustomer(world);
      const opened = await openPage(browser, world, reader);
      const { page, wrong, language } = opened;
      await page.goto(`${world.url}/security`);
      await signInOnPage(opened, customer);
      await page.locator('.check-up li').first().waitFor();
      await section(opened, 'sessions').locator('li').first().waitFor();
      await looksRight(opened, 'security');
      const link = page.locator('.check-up a[href="/security#passkeys"]');
      await link.click();
      assert.equal(new URL(page.url()).hash, '#passkeys');

      const own = section(opened, 'second-factor');
      await own.locator('form button[type=submit]').click();
      const confirming = await confirmOnPage(opened, customer);
      assert.match(confirming, language === 'en' ? /authenticator/i : /验证器/);
      const picture = own.locator('img.qr');
      await picture.waitFor();
      assert.ok(await picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 100));
      const secret = (await own.locator('.secret').innerText()).replace(/\s/g, '');
      assert.match(secret, /^[A-Z2-7]{32,}$/);
      assert.ok((await own.locator('a[href^="otpauth://totp/"]').getAttribute('href'))?.includes(secret));
      await looksRight(opened, 'authenticator');
      await own.locator('input.code').fill('000000');
      await own.locator('form button[type=submit]').click();
      await own.getByRole('alert').waitFor();
      assert.equal(await picture.count(), 1, 'a wrong code loses nothing');
      assert.deepEqual(wrong, []);
      await opened.close();
    });
  }

  describe('of a customer', () => {
    let customer: Customer;
    let opened: Opened;
    before(async () => {
      customer = await signedInCustomer(world);
      opened = await openPage(browser, world, 'desktop-en');
      await opened.page.goto(`${world.url}/security`);
      await signInOnPage(opened, customer);
      await section(opened, 'contact-points').waitFor();
    });
    after(() => opened?.close());

    it('add a telephone number once it is confirmed on the page, and show what follows from marking it', async () => {
      const { page, wrong } = opened;
      const points = section(opened, 'contact-points');
      const number = `+44770090${String(Date.now()).slice(-4)}`;
      await points.getByLabel('Telephone number').last().fill(number);
      await points.getByRole('button', { name: 'Add', exact: true }).click();
      await confirmOnPage(opened, customer);
      await points.getByText(number).waitFor();
      await points.getByText('Waiting to be confirmed').waitFor();
      await points.getByRole('button', { name: `Somebody else has it: ${number}` }).click();
      const follows = page.locator('dialog.dialog[open]');
      await follows.locator('li').first().waitFor();
      await looksRight(opened, 'compromised');
      await follows.getByRole('button', { name: 'Understood' }).click();
      await points.getByText('Marked as taken over').waitFor();
      assert.deepEqual(wrong, []);
    });

    it('show a number to read to staff, and tell false staff from ours', async () => {
      const codes = section(opened, 'support-code');
      await codes.getByRole('button', { name: 'Show my code' }).click();
      assert.match(await codes.locator('output').innerText(), /^\d{4} \d{4}$/);
      await codes.getByLabel('The code they read out').fill('12345678');
      await codes.getByRole('button', { name: 'Check' }).click();
      await codes.getByText('They are not our staff').waitFor();
      assert.deepEqual(opened.wrong, []);
    });

    it('choose the word of our mails, re-verified', async () => {
      const word = section(opened, 'mail-word');
      await word.getByLabel('New anti-phishing code').fill('amber harbour');
      await word.getByRole('button', { name: 'Save' }).click();
      const confirming = await confirmOnPage(opened, customer);
      assert.ok(confirming.length > 5);
      await word.getByText('Saved.').waitFor();
      await world.settled();
      assert.ok(world.mails.findLast(({ to }) => to === customer.email)?.text.includes('amber harbour'));
      assert.deepEqual(opened.wrong, []);
    });

    it('keep what was typed when the session ends elsewhere, and go on after signing in again', async () => {
      const { page, wrong } = opened;
      const typed = section(opened, 'contact-points').getByLabel('Telephone number').last();
      await typed.fill('+447700900111');
      const { body } = await customer.get('/api/me/sessions').expect(200);
      const there = body.sessions.find(({ current }: { current: boolean }) => !current);
      await customer.send('delete', `/api/me/sessions/${there.id}`).expect(204);
      await section(opened, 'contact-points').getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
      await looksRight(opened, 'session-ended');
      await page.locator('dialog input[autocomplete=current-password]').fill(PASSWORD);
      await page.locator('dialog form.sign-in button[type=submit]').click();
      await page.locator('dialog input[autocomplete=one-time-code]').fill(await customer.code());
      await page.locator('dialog form.sign-in button[type=submit]').click();
      await page.locator('dialog.dialog').waitFor({ state: 'detached' });
      assert.equal(await typed.inputValue(), '+447700900111');
      assert.deepEqual(wrong, []);
    });

    it('end every session, this one too', async () => {
      const { page } = opened;
      await section(opened, 'sessions').getByRole('button', { name: 'End all, this one too' }).click();
      await page.locator('form.sign-in').waitFor();
      await customer.get('/api/me').expect(401);
    });
  });
});
