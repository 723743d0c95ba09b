import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** No sandbox, for tests run as root; nothing that would look for updates or speak past the test's own server. */
const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-quic'];

/** Debian's Chromium, without a window. Installed first where that can be done; elsewhere it says what to install. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) install();
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

function install(): void {
  if (!isDebian() || process.getuid?.() !== 0) {
    throw new Error(
      `no browser at ${EXECUTABLE}: install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM`,
    );
  }
  const apt = (...words: string[]) =>
    execFileSync('apt-get', ['-q', '-y', ...words], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
}

function isDebian(): boolean {
  try {
    return /^ID(?:_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
