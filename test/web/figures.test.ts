import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, openPage, signInOnPage } from '../support/pages.js';
import { type Person, signedInStaff } from '../support/people.js';
import { customerWithCase } from '../support/stories.js';

describe('The figures, in a browser', function () {
  this.timeout(180_000);
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

  it('say when there is nothing yet, then draw, and say the same in tables', async () => {
    const opened = await openPage(browser, world, 'desktop-en');
    const { page, wrong } = opened;
    page.setDefaultTimeout(60_000);
    await page.goto(`${world.url}/desk/figures`);
    await signInOnPage(opened, agent);
    await page.getByText('No freeze was confirmed in this time.').waitFor();
    await page.getByText('No case is open.').waitFor();
    await looksRight(opened, 'figures-empty');
    await customerWithCase(world);
    await page.reload();
    await page.locator('.recharts-line-dot').first().waitFor();
    await page.getByText('7 days', { exact: true }).click();
    for (let chart = 0; chart < 2; chart += 1)
      await page.getByRole('button', { name: 'Show the table' }).first().click();
    const open = page.getByRole('table', { name: 'Cases that are open now' });
    await open.getByRole('row', { name: 'Frozen 1 0 0 0 0 1', exact: true }).waitFor();
    const days = page.getByRole('table', { name: 'From the report to the confirmed freeze' });
    await days.locator('tbody tr').nth(7).waitFor();
    await looksRight(opened, 'figures');
    assert.deepEqual(wrong, []);
    await opened.close();
  });
});
