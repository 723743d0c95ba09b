import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestContext } from './context.js';
import { PASSWORD, type Person } from './people.js';

export const READERS = {
  'phone-zh-CN': {
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
    timezoneId: 'Asia/Shanghai',
    hasTouch: true,
  },
  'desktop-zh-CN': { locale: 'zh-CN', viewport: { width: 1440, height: 900 }, timezoneId: 'Asia/Shanghai' },
  'phone-en': { locale: 'en-GB', viewport: { width: 390, height: 844 }, timezoneId: 'Europe/London', hasTouch: true },
  'desktop-en': { locale: 'en-GB', viewport: { width: 1440, height: 900 }, timezoneId: 'Europe/London' },
} as const;
export type ReaderName = keyof typeof READERS;

/** Pictures of what a test saw are build output, to be looked at; see `npm run screenshots`. */
const SCREENSHOTS = process.env['SCREENSHOTS'] ?? 'build/screenshots';

/** Rules of WCAG 2.2 at level AA, and what axe holds good besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A page as one reader sees it, and everything on it that went wrong. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly reader: ReaderName;
  readonly language: 'zh-CN' | 'en';
  /** Errors of scripts, errors in the console besides answers of 4xx, requests to elsewhere. Empty at the end of a good test. */
  readonly wrong: string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, world: Pick<TestContext, 'url'>, reader: ReaderName): Promise<Opened> {
  const context = await browser.newContext({ ...READERS[reader], reducedMotion: 'reduce' });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.stack ?? error.message));
  page.on('request', (sent) => {
    if (!/^(data|blob):/.test(sent.url()) && !sent.url().startsWith(world.url)) wrong.push(`outside: ${sent.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !/status of 4\d\d/.test(message.text()))
      wrong.push(message.text());
  });
  const language = reader.endsWith('en') ? 'en' : 'zh-CN';
  return { page, context, reader, language, wrong, close: () => context.close() };
}

/**
 * Holds a page in its present state to what every state must keep: nothing scrolls sideways, axe has nothing to say. Leaves a
 * picture under `name`.
 */
export async function looksRight({ page, reader }: Opened, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.${reader}.png`), fullPage: true });
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(wide, 0, `${name} scrolls sideways`);
  await page.evaluate(axe.source);
  const found = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`);
  const faults = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, target }) => `${target} ${html}`).join(' | ')}`,
  );
  assert.deepEqual(faults, [], `axe on ${name}`);
}

/** Signs somebody in through the sign-in that the page shows, with a code of their authenticator. */
export async function signInOnPage({ page }: Opened, person: Pick<Person, 'email' | 'code'>): Promise<void> {
  await page.locator('input[autocomplete=username]').fill(person.email);
  await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
  await page.locator('form.sign-in button[type=submit]').click();
  await page.locator('input[autocomplete=one-time-code]').fill(await person.code());
  await page.locator('form.sign-in button[type=submit]').click();
  await page.locator('form.sign-in').waitFor({ state: 'detached' });
}

/** Answers the dialog that re-verifies, and gives back what it said is being confirmed. */
export async function confirmOnPage({ page }: Opened, person: Pick<Person, 'code'>): Promise<string> {
  const dialog = page.locator('dialog.dialog[open]');
  const confirming = await dialog.locator('.confirming').innerText();
  await dialog.locator('input[autocomplete=one-time-code]').fill(await person.code());
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  return confirming;
}
