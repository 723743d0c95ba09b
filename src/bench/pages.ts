import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { Context } from '../context.js';
import { Caller } from '../demo/caller.js';
import { type Player, setUp } from '../demo/people.js';
import { startProcess } from '../demo/start-process.js';
import { addPersonCommand } from '../identity/index.js';
import { readConfig } from '../kernel/config.js';
import { readSecrets } from '../kernel/secrets.js';
import { OPEN_LIMITS, sendReports } from './intake.js';
import { median, temporaryFolder } from './measure.js';

const VISITS = 5;
const CASES = 10_000;
const SCROLL_MS = 20_000;

/** A telephone on a poor connection: 1.6 Mb/s with a round trip of 150 ms, and a processor four times slower than this one. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 }; // bytes a second
const CPU_SLOWER = 4;
const PHONE = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', hasTouch: true };

/**
 * From the address to a report form that takes a press, on a first visit; and the longest task of the page while the desk's list
 * of 10,000 cases is scrolled.
 */
export async function benchPages() {
  const { chromium } = await import('playwright-core');
  const folder = await temporaryFolder();
  const env = { ...OPEN_LIMITS, DATA_DIR: folder, PORT: '0' };
  const invited = await inviteAgent(env);
  const product = await startProcess('main.js', /listening on (\S+)/, { env });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  const url = product.match[1] as string;
  try {
    const visits: { ms: number; bytes: number }[] = [];
    for (let n = 0; n < VISITS; n += 1) visits.push(await visit(browser, `${url}/report`));
    const agent = await setUp(new Caller(url, 'agent'), invited.email, invited.token);
    await sendReports(url, CASES);
    return {
      reportFormUsableMs: Math.round(median(visits.map(({ ms }) => ms))),
      reportFormUsableAtMostMs: 3_000,
      bytesReceived: Math.round(median(visits.map(({ bytes }) => bytes))),
      longestTaskMs: await longestTask(browser, url, agent),
      longestTaskAtMostMs: 100,
    };
  } finally {
    await browser.close();
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function visit(browser: Browser, url: string): Promise<{ ms: number; bytes: number }> {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER });
  let bytes = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const started = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.kinds button').first().click();
  await page.locator('textarea').first().waitFor();
  const ms = performance.now() - started;
  await context.close();
  return { ms, bytes };
}

async function inviteAgent(env: Record<string, string>): Promise<{ email: string; token: string }> {
  const config = readConfig({ ...env, BASE_URL: 'http://127.0.0.1' });
  const ctx = await Context.fromConfig(config, readSecrets(config, env));
  const email = 'agent@example.com';
  const { setupLink } = await addPersonCommand(ctx, { email, roles: ['agent'], locale: 'en' });
  await ctx.close();
  return { email, token: setupLink.split('#')[1] as string };
}

/** Milliseconds; 0 where no task took 50 ms, which is what a browser begins to tell of. */
async function longestTask(browser: Browser, url: string, { email, password, caller }: Player): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${url}/desk`);
  await page.locator('input[autocomplete=username]').fill(email);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('form.sign-in button[type=submit]').click();
  await page.locator('input[autocomplete=one-time-code]').fill(await caller.code());
  await page.locator('form.sign-in button[type=submit]').click();
  await page.locator('.case-row').nth(5).waitFor();
  const longest = await page.evaluate<number>(`new Promise((resolve) => {
    let longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask' });
    const box = document.querySelector('.case-rows');
    const until = performance.now() + ${SCROLL_MS};
    const on = () => {
      box.scrollTop += box.clientHeight / 2;
      if (performance.now() < until) requestAnimationFrame(on);
      else setTimeout(() => resolve(longest), 200);
    };
    on();
  })`);
  await context.close();
  return Math.round(longest);
}
