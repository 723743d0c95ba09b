import { execFileSync, spawnSync } from 'node:child_process';

/** Debian's packages, when `isThere` misses them and this is root; elsewhere the test fails and says what to install. */
export function installDebian(packages: readonly string[], isThere: () => boolean): void {
  if (isThere()) return;
  const root = process.getuid?.() === 0;
  if (!root || !answers('apt-get', '--version')) throw new Error(`install first (Debian): ${packages.join(' ')}`);
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  if (!isThere()) throw new Error(`${packages.join(' ')}: installed, and still not there`);
}

/** Whether a program of that name starts here. */
export const answers = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;
