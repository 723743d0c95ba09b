import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { exportLog } from '../../src/audit/export-log.js';
import { proveEvent } from '../../src/audit/prove-event.js';
import { findEvents } from '../../src/audit/store.js';
import { addPersonCommand } from '../../src/identity/index.js';
import { formatKey } from '../../src/proof/index.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';

describe('The page that checks a bundle', () => {
  let world: TestContext;
  let browser: Browser;
  let folder: string;
  let out: string;
  let key: string;
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    folder = await mkdtemp(join(tmpdir(), 'firebreak-verify-'));
    out = join(folder, 'export');
    await addPersonCommand(world.ctx, { email: 'li@example.org', roles: ['agent'], locale: 'en' });
    await exportLog(world.ctx, { out, openings: true });
    key = formatKey((await world.ctx.auditLog.keys()).all[0]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function open(locale: string): Promise<{ page: Page; sent: string[]; reader: BrowserContext }> {
    const reader = await browser.newContext({ locale });
    const page = await reader.newPage();
    const sent: string[] = [];
    page.on('pageerror', (error) => sent.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') sent.push(`console: ${message.text()}`);
    });
    await page.goto(`${world.url}/verify`);
    await page.waitForSelector('h1');
    page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
    return { page, sent, reader };
  }

  const verdict = async (page: Page): Promise<string> => (await page.waitForSelector('#result h2')).innerText();

  for (const [locale, good, bad] of [
    ['zh-CN', '核对无误', '没有通过核对'],
    ['en-GB', 'Proven', 'Not proven'],
  ] as const) {
    it(`says in ${locale} that a bundle and its table are whole, and what is wrong with one that is not, and sends nothing`, async () => {
      const { page, sent, reader } = await open(locale);
      await page.setInputFiles('#files', [
        join(out, 'audit.ndjson'),
        join(out, 'audit.csv'),
        join(out, 'checkpoint.txt'),
      ]);
      assert.equal(await verdict(page), good);
      assert.ok((await page.innerText('#result')).includes(key));
      const text = await readFile(join(out, 'audit.ndjson'), 'utf8');
      const forged = join(folder, 'forged.ndjson');
      await writeFile(forged, text.replace('li@example.org', 'lo@example.org'));
      await page.setInputFiles('#files', [forged]);
      await page.waitForSelector('#result .bad');
      assert.equal(await verdict(page), bad);
      assert.match(await page.innerText('#result'), /line 2/);
      assert.deepEqual(sent, []);
      await reader.close();
    });
  }

  it('checks a bundle that is dropped on it', async () => {
    const { page, reader, sent } = await open('en-GB');
    const box = await page.locator('label.drop').boundingBox();
    assert.ok(box);
    const devtools = await page.context().newCDPSession(page);
    const data = { items: [], files: [join(out, 'audit.ndjson'), join(out, 'audit.csv')], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: box.x + 20, y: box.y + 20, data });
    assert.equal(await verdict(page), 'Proven');
    assert.deepEqual(sent, []);
    await reader.close();
  });

  it('believes a key that the reader brings, and no other', async () => {
    const { page, reader } = await open('en-GB');
    await page.fill('#key', key);
    await page.setInputFiles('#files', [join(out, 'audit.ndjson')]);
    assert.equal(await verdict(page), 'Proven');
    assert.match(await page.innerText('#result'), /the key you gave/);
    await reader.close();
  });

  it('shows the event that a proof is about', async () => {
    const [row] = await findEvents({ ...world.ctx.db }, { action: 'person.invited' }, undefined, 1);
    const path = join(folder, 'one.tlog-proof');
    await writeFile(path, await proveEvent(world.ctx.db, String(row?._id), row?.bytes));
    const { page, reader } = await open('en-GB');
    await page.fill('#key', key);
    await page.setInputFiles('#files', [path]);
    assert.equal(await verdict(page), 'Proven');
    assert.match(await page.innerText('#result'), /person\.invited/);
    await reader.close();
  });

  it('may connect to nobody: the browser itself holds it to that', async () => {
    const { page, reader } = await open('en-GB');
    const tried = await page.evaluate(() =>
      fetch('/healthz').then(
        () => 'sent',
        () => 'refused',
      ),
    );
    assert.equal(tried, 'refused');
    await reader.close();
  });
});
