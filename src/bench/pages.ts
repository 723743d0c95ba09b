import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { startProcess } from '../demo/start-process.js';
import { median, temporaryFolder } from './measure.js';

const VISITS = 5;

/** A telephone on a poor connection: 1.6 Mb/s with a round trip of 150 ms, and a processor four times slower than this one. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 }; // bytes a second
const CPU_SLOWER = 4;
const PHONE = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', hasTouch: true };

/** From the address to a report form that takes a press, on a first visit. */
export async function benchPages() {
  const { chromium } = await import('playwright-core');
  const folder = await temporaryFolder();
  const product = await startProcess('main.js', /listening on (\S+)/, { env: { DATA_DIR: folder, PORT: '0' } });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  try {
    const visits: { ms: number; bytes: number }[] = [];
    for (let n = 0; n < VISITS; n += 1) visits.push(await visit(browser, `${product.match[1]}/report`));
    return {
      reportFormUsableMs: Math.round(median(visits.map(({ ms }) => ms))),
      reportFormUsableAtMostMs: 3_000,
      bytesReceived: Math.round(median(visits.map(({ bytes }) => bytes))),
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
