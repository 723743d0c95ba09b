import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from './config.js';

/** Wraps the data keys of evidence. The id stands beside every key that it wrapped. */
export interface MasterKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export interface EvidenceKeys {
  /** The first one wraps, all of them unwrap. Read anew each time: another process may have added one. */
  all(): readonly MasterKey[];
  /** Makes a key and puts it in front. Undefined when the keys come from outside: then whoever keeps them adds one. */
  readonly add: (() => MasterKey) | undefined;
}

const OWN_FILE = 'evidence-keys';
const KEY_BYTES = 32; // AES-256

/**
 * Master keys as EVIDENCE_KEYS gives them, or the folder's own, made at the first start.
 *
 * @param given    the text of EVIDENCE_KEYS; undefined when it is not set
 * @param ownIn    the data folder; undefined: nothing may be made, and there are no keys without EVIDENCE_KEYS
 * @throws ConfigError when the text does not fit
 */
export function evidenceKeysFrom(given: () => string | undefined, ownIn: string | undefined): EvidenceKeys {
  const path = given() === undefined && ownIn !== undefined ? join(ownIn, OWN_FILE) : undefined;
  if (path !== undefined) makeOwn(path);
  const text = () => (path === undefined ? (given() ?? '') : readFileSync(path, 'utf8'));
  const all = () => parse(text());
  all();
  return {
    all,
    add:
      path === undefined
        ? undefined
        : () => {
            const made = newKey();
            writeDurably(path, `${line(made)}${text()}`, renameSync);
            return made;
          },
  };
}

/** `id:base64`, one a line or set apart by blanks. */
function parse(text: string): readonly MasterKey[] {
  const keys = text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, id, encoded] = /^([\w.-]{1,64}):([A-Za-z0-9+/]+={0,2})$/.exec(part) ?? [];
      const key = Buffer.from(encoded ?? '', 'base64');
      if (id === undefined || key.length !== KEY_BYTES)
        throw new ConfigError('EVIDENCE_KEYS must be id:key, each key 32 bytes in base64');
      return { id, key: new Uint8Array(key) };
    });
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) throw new ConfigError('EVIDENCE_KEYS names an id twice');
  return keys;
}

const newKey = (): MasterKey => ({
  id: `${new Date().toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`,
  key: new Uint8Array(randomBytes(KEY_BYTES)),
});

const line = ({ id, key }: MasterKey): string => `${id}:${Buffer.from(key).toString('base64')}\n`;

function makeOwn(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeDurably(path, line(newKey()), (from, to) => {
    try {
      linkSync(from, to); // unlike a rename it fails when another process made its own in the meantime
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    rmSync(from);
  });
}

/** On the disk before it is used: without its master key no evidence can be read again. */
function writeDurably(path: string, text: string, put: (from: string, to: string) => void): void {
  const partial = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(partial, text, { mode: 0o600, flag: 'wx', flush: true });
  put(partial, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
