// Makes the pictures of the README, docs/pictures/*.png, from the product as it runs. `npm run screenshots`.
import { mkdirSync, readFileSync } from 'node:fs';
import { openBrowser } from '../test/support/browser.js';
import { testContext } from '../test/support/context.js';
import { type Opened, openPage, type ReaderName, signInOnPage } from '../test/support/pages.js';
import { type Person, signedInCustomer, signedInStaff } from '../test/support/people.js';
import { proposedRelease, provenCase } from '../test/support/stories.js';

const PICTURES = 'docs/pictures';
const EVIDENCE = ['order-history.png', 'new-sign-in.png'].map((name) => ({
  name,
  bytes: readFileSync(`src/demo/screenshots/${name}`),
}));

mkdirSync(PICTURES, { recursive: true });
const browser = await openBrowser();
const world = await testContext({ FACTOR_AGE_DAYS: '0' });
try {
  const customer = await signedInCustomer(world);
  const [verifier, analyst, compliance] = await Promise.all(
    (['analyst', 'analyst', 'compliance'] as const).map((role) => signedInStaff(world, [role])),
  );
  if (!verifier || !analyst || !compliance) throw new Error('nobody to show pages to');
  const story = await provenCase(world, customer, verifier);
  for (const { name, bytes } of EVIDENCE)
    await customer.send('post', `${story.path}/evidence`).attach('evidence', bytes, name).expect(201);
  await proposedRelease(story, analyst);
  await world.settled();

  await picture('report', 'phone-zh-CN', customer, '/report', (opened) =>
    opened.page.locator('main h2').first().waitFor(),
  );
  await picture('desk', 'desktop-en', analyst, `/desk/cases/${story.caseId}`, ({ page }) =>
    page.getByText(story.number).first().waitFor(),
  );
  await picture('audit', 'desktop-en', compliance, '/compliance', ({ page }) =>
    page.locator('tbody tr').nth(5).waitFor(),
  );
} finally {
  await browser.close();
  await world.close();
}

async function picture(
  name: string,
  reader: ReaderName,
  person: Person,
  path: string,
  ready: (opened: Opened) => Promise<void>,
): Promise<void> {
  const opened = await openPage(browser, world, reader);
  await opened.page.goto(`${world.url}/sign-in?next=${encodeURIComponent(path)}`);
  await signInOnPage(opened, person);
  await ready(opened);
  await opened.page.waitForLoadState('networkidle');
  await opened.page.screenshot({ path: `${PICTURES}/${name}.png` });
  await opened.close();
}
