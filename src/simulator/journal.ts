import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from './state.js';

export interface Journal {
  /** Hands the fact to the operating system before it returns, so it survives a killed process (not a power cut). */
  append(fact: Fact): void;
  close(): void;
}

/** Opens the journal of a folder and replays it; a last line torn by a kill was never answered for, and is cut off. */
export function openJournal(dataDir: string, replay: (fact: Fact) => void): Journal {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'exchange.jsonl');
  if (existsSync(file)) replayFile(file, replay);
  const handle = openSync(file, 'a', 0o600);
  return {
    append: (fact) => {
      writeSync(handle, `${JSON.stringify(fact)}\n`);
    },
    close: () => closeSync(handle),
  };
}

export const noJournal: Journal = { append: () => {}, close: () => {} };

function replayFile(file: string, replay: (fact: Fact) => void): void {
  const bytes = readFileSync(file);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  for (const line of whole.toString('utf8').split('\n')) if (line) replay(JSON.parse(line) as Fact);
  if (whole.length < bytes.length) truncateSync(file, whole.length);
}
