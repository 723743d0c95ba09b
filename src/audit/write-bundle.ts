import { createHash } from 'node:crypto';
import type { Db } from '../kernel/mongo.js';
import {
  BUNDLE_FORMAT,
  type EventLine,
  formatEnd,
  formatEvent,
  formatHeader,
  formatKey,
  type Scope,
  toBase64,
} from '../proof/index.js';
import { eventsAt, keepingTiles, openingLine, placesOf, type Selection } from './bundle-source.js';
import { noteOf } from './checkpoints.js';
import type { LogKeys } from './log-keys.js';
import type { CheckpointRow } from './log-store.js';
import { treeOf } from './tree.js';
import { readEvent } from './verify-event.js';

export interface BundleRequest extends Selection {
  readonly checkpoint: CheckpointRow;
  readonly keys: LogKeys;
  /** With the personal data that is not erased. */
  readonly openings: boolean;
}

/** One line of a bundle; event lines come with what they say, for a table beside it. */
export interface BundleLine {
  readonly text: string;
  readonly line?: EventLine;
  /** An index whose event cannot be written, because the store has lost it or holds something else. */
  readonly lost?: number;
}

export interface OpenBundle {
  /** Events that it will hold. */
  readonly events: number;
  lines(): AsyncGenerator<BundleLine>;
}

/** Begins a bundle of what a checkpoint covers: all of it, or what concerns a case or a time, each with its proof. */
export async function openBundle(db: Db, request: BundleRequest): Promise<OpenBundle> {
  const { checkpoint, openings: withOpenings, caseId, from, to } = request;
  const size = checkpoint._id;
  const scope = scopeOf(request);
  const places = scope.kind === 'log' ? { size } : await placesOf(db, { caseId, from, to }, size);
  const tree = scope.kind === 'log' ? undefined : treeOf(db, keepingTiles(db));
  return {
    events: 'size' in places ? places.size : places.length,
    lines: async function* () {
      const digest = createHash('sha256');
      let events = 0;
      const written = (text: string): string => {
        digest.update(text);
        return text;
      };
      yield { text: written(headerOf(request, scope)) };
      for await (const { index, bytes, openings } of eventsAt(db, places, withOpenings)) {
        const event = bytes && readEvent(bytes);
        if (!event) {
          yield { text: '', lost: index };
          continue;
        }
        const beside = {
          index,
          ...(openings.length > 0 && { openings: openings.map(openingLine) }),
          ...(tree && { proof: (await tree.inclusion(index, size)).map(toBase64) }),
        };
        events += 1;
        yield {
          text: written(formatEvent(Buffer.from(bytes).toString('utf8'), beside)),
          line: { ...beside, event: event as EventLine['event'] },
        };
      }
      yield { text: formatEnd({ events, digest: digest.digest('base64') }) };
    },
  };
}

function scopeOf({ caseId, from, to }: Selection): Scope {
  const time = { ...(from && { from: from.toISOString() }), ...(to && { to: to.toISOString() }) };
  if (caseId !== undefined) return { kind: 'case', caseId, ...time };
  return from || to ? { kind: 'time', ...time } : { kind: 'log' };
}

const headerOf = ({ checkpoint, keys }: BundleRequest, scope: Scope): string =>
  formatHeader({
    format: BUNDLE_FORMAT,
    scope,
    checkpoint: noteOf(checkpoint),
    keys: keys.all.map(formatKey),
    successions: keys.successions,
  });
