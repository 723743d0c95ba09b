// Makes the pictures of the README, docs/pictures/*.png, from the product as it runs. `npm run screenshots`.
import { mkdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.js';
import { type TestContext, testContext } from '../test/support/context.js';
import { openPage, type ReaderName, signInOnPage } from '../test/support/pages.js';
import { type Person, signedInCustomer, signedInStaff } from '../test/support/people.js';
import { proposedRelease, provenCase } from '../test/support/stories.js';

const PICTURES = 'docs/pictures';
const EVIDENCE = ['order-history.png', 'new-sign-in.png'].map((name) => ({
  name,
  bytes: readFileSync(`src/demo/screenshots/${name}`),
}));

describe('The pictures of the README', () => {
  it('are made', async function () {
    this.timeout(600_000);
    mkdirSync(PICTURES, { recursive: true });
    const browser = await openBrowser();
    const world = await testContext({ FACTOR_AGE_DAYS: '0' });
    try {
      await makePictures(browser, world);
    } finally {
      await browser.close();
      await world.close();
    }
  });
});

async function makePictures(browser: Browser, world: TestContext): Promise<void> {
  const picture = async (
    name: string,
    reader: ReaderName,
    person: Person,
    path: string,
    ready: (page: Page) => Promise<void>,
  ) => {
    const opened = await openPage(browser, world, reader);
    await opened.page.goto(`${world.url}/sign-in?next=${encodeURIComponent(path)}`);
    await signInOnPage(opened, person);
    await ready(opened.page);
    await opened.page.waitForLoadState('networkidle');
    await opened.page.screenshot({ path: `${PICTURES}/${name}.png` });
    await opened.close();
  };

  const customer = await signedInCustomer(world);
  const [verifier, analyst, compliance] = [
    await signedInStaff(world, ['analyst']),
    await signedInStaff(world, ['analyst']),
    await signedInStaff(world, ['compliance']),
  ];
  const story = await provenCase(world, customer, verifier);
  for (const { name, bytes } of EVIDENCE)
    await customer.send('post', `${story.path}/evidence`).attach('evidence', bytes, name).expect(201);
  await proposedRelease(story, analyst);
  await world.settled();

  await picture('report', 'phone-zh-CN', customer, '/report', (page) => page.locator('main h2').first().waitFor());
  await picture('desk', 'desktop-en', analyst, `/desk/cases/${story.caseId}`, (page) =>
    page.getByText(story.number).first().waitFor(),
  );
  await picture('audit', 'desktop-en', compliance, '/compliance', (page) => page.locator('tbody tr').nth(5).waitFor());
}
