import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { newId } from '../../src/kernel/ids.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { looksRight, type Opened, openPage, signInOnPage } from '../support/pages.js';
import { type Person, signedInCustomer, signedInStaff } from '../support/people.js';

const MANY = 10_000;
/** What is seen of the list, and a margin: however long the list is. */
const MOST_ROWS = 60;

describe('The list of cases', function () {
  this.timeout(300_000);
  let world: TestContext;
  let browser: Browser;
  let agent: Person;
  let opened: Opened;
  let newest: string;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    agent = await signedInStaff(world, ['agent']);
    newest = await report();
    await insertMany();
    opened = await openPage(browser, world, 'desktop-en');
    await opened.page.goto(`${world.url}/desk`);
    await signInOnPage(opened, agent);
    await opened.page.getByRole('link', { name: newest }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function report(kind = 'phishing'): Promise<string> {
    const customer = await signedInCustomer(world);
    const body = { kind, language: 'en', whatHappened: 'A page that looked like yours.' };
    return (await customer.post('/api/reports', body).expect(201)).body.caseNumber;
  }

  /** Cases as they would have been opened before, a minute apart. */
  async function insertMany(): Promise<void> {
    const cases = world.ctx.db.connection.collection('cases');
    const [model] = await cases.find({}).toArray();
    assert.ok(model);
    const { openKey: _, trackingHash: __, ...doc } = model;
    const start = doc['openedAt'].getTime();
    const rows = Array.from({ length: MANY }, (_row, index) => ({
      ...doc,
      _id: newId('case') as never,
      number: `FB-${String(index).padStart(8, '0')}`,
      openedAt: new Date(start - (index + 1) * 60_000),
      kind: index % 2 ? 'other' : 'phishing',
    }));
    for (let at = 0; at < MANY; at += 1_000) await cases.insertMany(rows.slice(at, at + 1_000));
  }

  const active = () =>
    opened.page.evaluate<string>('document.activeElement.textContent || document.activeElement.tagName');

  /** As far down as pages were loaded, and on, until it is reached. */
  async function scrollTo(top: number): Promise<void> {
    const box = opened.page.locator('.case-rows');
    const reached = (wanted: number) =>
      box.evaluate((element, to) => {
        element.scrollTop = to;
        return element.scrollTop;
      }, wanted);
    while ((await reached(top)) !== top) await opened.page.evaluate('new Promise(requestAnimationFrame)');
  }

  it('is walked by keys, which do nothing while somebody types', async () => {
    const { page } = opened;
    await page.keyboard.press('j');
    assert.equal(await active(), newest);
    await page.keyboard.press('j');
    assert.equal(await active(), 'FB-00000000');
    await page.keyboard.press('k');
    assert.equal(await active(), newest);
    await page.keyboard.press('/');
    await page.keyboard.type('jk?');
    assert.equal(await page.getByLabel('Case number').inputValue(), 'jk?');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.getByLabel('Case number').fill('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Keyboard shortcuts').waitFor();
    await looksRight(opened, 'desk-shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: newest }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.locator('.case-row.selected').getByText(newest).waitFor();
  });

  it('shows new cases on top, marked, and leaves whoever scrolled down where they are', async () => {
    const { page } = opened;
    await scrollTo(800);
    const reading = page.getByRole('link', { name: 'FB-00000024' });
    await reading.waitFor();
    const before = await reading.boundingBox();
    const came = await report();
    await page.getByText('new: 1').waitFor();
    assert.deepEqual(await reading.boundingBox(), before);
    await scrollTo(0);
    await page.locator('.case-row.fresh').getByRole('link', { name: came }).waitFor();
    await looksRight(opened, 'desk-list-new');
  });

  it('keeps its filters, its place and its selection over a reload', async () => {
    const { page } = opened;
    await page.getByLabel('Kind').click();
    await page.locator('.ant-select-item-option').getByText('Phishing').click();
    await page.getByRole('link', { name: 'FB-00000001', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'FB-00000002' }).waitFor();
    assert.match(page.url(), /kind=phishing/);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'FB-00000002' }).focus();
    const box = page.locator('.case-rows');
    await scrollTo(6_000);
    await page.getByRole('link', { name: 'FB-00000300' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'FB-00000300' }).waitFor();
    assert.equal(await box.evaluate((element) => element.scrollTop), 6_000);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'FB-00000001', exact: true }).waitFor();
    assert.doesNotMatch(page.url(), /kind/);
    await page.getByLabel('Case number').fill('FB-0000-0000-1');
    await page.keyboard.press('Enter');
    await page.getByText('No case fits.').waitFor();
    await looksRight(opened, 'desk-list-none');
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  it('draws only what is seen, down to the last of ten thousand', async () => {
    const { page } = opened;
    await page.goto(`${world.url}/desk`);
    await page.getByRole('link', { name: newest }).waitFor();
    const last = `FB-${String(MANY - 1).padStart(8, '0')}`;
    const most = await page.evaluate<number>(`new Promise((resolve) => {
      let drawn = 0;
      const on = () => {
        const box = document.querySelector('.case-rows');
        drawn = Math.max(drawn, box.querySelectorAll('.case-row').length);
        if (box.textContent.includes('${last}')) return resolve(drawn);
        box.scrollTop = box.scrollHeight;
        requestAnimationFrame(on);
      };
      on();
    })`);
    assert.ok(most > 10 && most <= MOST_ROWS, `${most} rows were drawn`);
    assert.equal(await page.getByText(`in all: ${(MANY + 2).toString()}`).count(), 1);
    assert.deepEqual(opened.wrong, []);
  });

  it('fits a telephone', async () => {
    const phone = await openPage(browser, world, 'phone-zh-CN');
    await phone.page.goto(`${world.url}/desk`);
    await signInOnPage(phone, agent);
    await phone.page.getByRole('link', { name: newest }).waitFor();
    await looksRight(phone, 'desk-list');
    await phone.page.getByRole('link', { name: newest }).click();
    await phone.page.getByRole('heading', { name: newest }).waitFor();
    await looksRight(phone, 'desk-case');
    assert.deepEqual(phone.wrong, []);
    await phone.close();
  });
});
