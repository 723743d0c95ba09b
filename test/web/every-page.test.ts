import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { proposedRelease, provenCase } from '../support/stories.js';

/** The narrowest telephone there is, and a desktop at 200 %. */
const NARROW = { 'at 360 px': { width: 360, height: 740 }, 'at 200 %': { width: 720, height: 450 } };
const WIDE = { width: 1440, height: 900 };

describe('Every page', function () {
  this.timeout(300_000);
  let world: TestContext;
  let browser: Browser;
  const people: Record<string, Person> = {};
  let caseId: string;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
    const customer = await signedInCustomer(world);
    const story = await provenCase(world, customer, await signedInStaff(world, ['analyst']));
    const analyst = await signedInStaff(world, ['analyst']);
    await proposedRelease(story, analyst);
    await world.settled();
    caseId = story.caseId;
    Object.assign(people, { customer, analyst });
    for (const role of ['compliance', 'admin'] as const) people[role] = await signedInStaff(world, [role]);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  /** Looks again with every picture that is drawn: a chart takes a few to follow its page. The page's own policy forbids it to poll. */
  async function fits({ page }: Opened, what: string): Promise<void> {
    const fitting = await page.evaluate<boolean>(`new Promise((resolve) => {
      const { documentElement: root } = document;
      const until = performance.now() + 10_000;
      const look = () => {
        if (root.scrollWidth === root.clientWidth) resolve(true);
        else if (performance.now() > until) resolve(false);
        else requestAnimationFrame(look);
      };
      look();
    })`);
    assert.ok(fitting, `${what} scrolls sideways`);
  }

  const doors: Record<string, readonly string[]> = {
    nobody: [
      '/',
      '/report',
      '/sign-in',
      '/register',
      '/forgot-password',
      '/setup',
      '/reset-password',
      '/not-me',
      '/track',
      '/verify',
      '/nowhere',
    ],
    customer: ['/', '/report', '/cases', '/cases/:case', '/security'],
    analyst: ['/desk', '/desk/cases/:case', '/desk/cases/:case?tab=evidence', '/desk/figures', '/nowhere-at-all'],
    compliance: ['', '/anomalies', '/checkpoints', '/exports', '/holds', '/erasures'].map(
      (path) => `/compliance${path}`,
    ),
    admin: ['/admin', '/admin/workflows', '/admin/keys', '/desk/break-glass'],
  };

  for (const [who, paths] of Object.entries(doors))
    it(`that ${who} sees is read in the dark, on the narrowest telephone and at 200 %`, async () => {
      const opened = await openPage(browser, world, 'desktop-en');
      const { page } = opened;
      const person = people[who];
      if (person) {
        await page.goto(`${world.url}/sign-in`);
        await signInOnPage(opened, person);
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of paths) {
        const name = `${who}${path.replace(':case', 'case').replace(/\W+/g, '-')}`;
        await page.setViewportSize(WIDE);
        await page.goto(`${world.url}${path.replace(':case', caseId)}`, { waitUntil: 'networkidle' });
        await page.locator('h1, h2').first().waitFor();
        await looksRight(opened, `dark-${name}`);
        for (const [what, size] of Object.entries(NARROW)) {
          await page.setViewportSize(size);
          await fits(opened, `${name} ${what}`);
        }
      }
      assert.deepEqual(opened.wrong, []);
      await opened.close();
    });
});
