import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { routes } from '../../src/routes.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

describe('The API reference page', () => {
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

  for (const [name, viewport] of Object.entries(SIZES)) {
    it(`lists every operation on a ${name}, without an error and without a byte from outside`, async () => {
      const page = await browser.newPage({ viewport });
      const seen = watch(page, world.url);
      await page.goto(`${world.url}/api/docs`);
      await page
        .locator('.opblock')
        .nth(routes.length - 1)
        .waitFor();
      const listed = await page
        .locator('.opblock')
        .evaluateAll((blocks) => blocks.map((block) => block.id.split('-').at(-1)));
      assert.deepEqual(listed.toSorted(), routes.map(({ id }) => id).toSorted());
      assert.equal(await page.title(), 'Firebreak API');
      const shot = process.env['SCREENSHOTS'];
      if (shot) await page.screenshot({ path: join(shot, `api-docs-${name}.png`) });
      const wide = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(wide, 0, 'the page scrolls sideways');
      assert.deepEqual(seen, []);
      await page.close();
    });
  }

  it('shows an operation with its fields and problems, and tries one out', async () => {
    const page = await browser.newPage({ viewport: SIZES.desktop });
    const seen = watch(page, world.url);
    await page.goto(`${world.url}/api/docs#/reports/submitReport`);
    const report = page.locator('#operations-reports-submitReport');
    await report.locator('.responses-table').first().waitFor();
    assert.match(await report.innerText(), /Idempotency-Key[\s\S]*Reverification/);
    const health = page.locator('#operations-health-readHealth');
    await health.locator('.opblock-summary-control').click();
    await health.getByRole('button', { name: 'Try it out' }).click();
    await health.getByRole('button', { name: 'Execute' }).click();
    await health.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor();
    assert.match(await health.locator('.live-responses-table').innerText(), /alive/);
    const shot = process.env['SCREENSHOTS'];
    if (shot) await page.screenshot({ path: join(shot, 'api-docs-operation.png'), fullPage: true });
    assert.deepEqual(seen, []);
    await page.close();
  });
});

/** What a page must not do: complain, break its own policy, ask anybody else for anything. */
function watch(page: Page, origin: string): string[] {
  const seen: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') seen.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => seen.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const { protocol } = new URL(request.url());
    if (!request.url().startsWith(`${origin}/`) && protocol !== 'data:' && protocol !== 'blob:')
      seen.push(`outside: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) seen.push(`${response.status()}: ${response.url()}`);
  });
  return seen;
}
