import { execFileSync, spawnSync } from 'node:child_process';

/** Debian's package, when it is missing and this is root; elsewhere the test fails and says what to install. */
export function installStrace(): void {
  if (isThere('strace')) return;
  const root = process.getuid?.() === 0;
  if (!root || !isThere('apt-get')) throw new Error('strace is missing: install it (Debian: strace)');
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', 'strace');
}

const isThere = (program: string): boolean => !spawnSync(program, ['--version'], { stdio: 'ignore' }).error;
