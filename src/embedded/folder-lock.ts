import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder belongs to a living process; `uri` is where that one listens, when it already does. */
export class StoreLocked extends Error {
  readonly pid: number;
  readonly uri: string;

  constructor(folder: string, pid: number, uri: string) {
    super(`${folder} is in use by process ${pid}; one process at a time may open it`);
    this.name = 'StoreLocked';
    this.pid = pid;
    this.uri = uri;
  }
}

export interface FolderLock {
  /** Lets the next one who finds the folder locked know where to connect. */
  announce(uri: string): void;
  release(): void;
}

/**
 * Locks a folder for this process. A lock names its owner by pid and start time, so that the lock of a killed process,
 * even of one whose pid lives again, is known to be dead.
 *
 * @throws StoreLocked when a living process has the folder
 */
export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'owner.pid');
  const mine = join(folder, `owner.${process.pid}.${process.hrtime.bigint()}`);
  const me = `${process.pid} ${startOf(process.pid) ?? '-'}`;
  writeFileSync(mine, `${me}\n`, { flag: 'wx', mode: 0o600 });
  const announce = (uri: string) => {
    writeFileSync(mine, `${me} ${uri}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(mine, file);
  };
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(mine, file);
        return { announce, release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 5) throw error;
        const owner = readOwner(file);
        if (owner !== undefined && isAlive(owner)) throw new StoreLocked(folder, owner.pid, owner.uri);
        dropDead(file, `${mine}.dead`);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** What the lock says of the process that has the folder; undefined when none has. Differs from process to process. */
export function ownerOf(folder: string): string | undefined {
  const owner = readOwner(join(folder, 'owner.pid'));
  return owner && `${owner.pid} ${owner.start}`;
}

interface Owner {
  readonly pid: number;
  readonly start: string;
  readonly uri: string;
}

function readOwner(file: string): Owner | undefined {
  try {
    const [pid = '', start = '-', uri = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: Number(pid), start, uri };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, start }: Owner): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === undefined || start === '-' || now === start;
}

/** Another starter may have replaced the dead lock meanwhile: then what was moved away is alive, and goes back. */
function dropDead(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const owner = readOwner(aside);
  if (owner !== undefined && isAlive(owner)) {
    try {
      linkSync(aside, file);
    } catch {}
  }
  rmSync(aside, { force: true });
}

/** Start time in clock ticks since boot, with the boot's id (proc(5)); undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}@${boot}`;
  } catch {
    return undefined;
  }
}
