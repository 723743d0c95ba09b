import express, { type Router } from 'express';
import type { Db } from '../kernel/mongo.js';
import { kernelProblem } from '../kernel/problem.js';
import { HASH_LENGTH } from '../proof/index.js';
import { newestCheckpoint, readTiles } from './log-store.js';
import { TILE_WIDTH, tileName } from './tiles.js';

/** A tile never changes, so whoever has it may keep it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Serves the hashes of the tree under `/audit/tile/`, for monitors and witnesses that follow the log by themselves.
 *
 * Only what a signed checkpoint covers. The events themselves (`tile/entries`) are not public and are not served.
 * Source: c2sp.org/tlog-tiles
 */
export function auditTiles({ db }: { db: Db }): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/audit/tile/:level/*path', async (request, response) => {
    const wanted = readPath(String(request.params['level']), ([] as string[]).concat(request.params['path'] ?? []));
    const hashes = wanted && (await readTile(db, wanted));
    if (!hashes) throw kernelProblem('not_found');
    response.set('Cache-Control', FOR_EVER).type('application/octet-stream').send(Buffer.from(hashes));
  });
  return router;
}

interface Wanted {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

/** `<L>/x001/x234/067` or `<L>/x001/x234/067.p/<W>`, in that one form. */
function readPath(level: string, segments: readonly string[]): Wanted | undefined {
  const [, digits, name, partial] =
    /^(0|[1-5]?\d|6[0-3])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec([level, ...segments].join('/')) ??
    [];
  if (digits === undefined || name === undefined) return undefined;
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const full = partial === undefined ? width === TILE_WIDTH : width < TILE_WIDTH;
  const n = Number(name.replaceAll(/[x/]/g, ''));
  return full && !/^x000\//.test(name) ? { level: Number(digits), n, width } : undefined;
}

async function readTile(db: Db, { level, n, width }: Wanted): Promise<Uint8Array | undefined> {
  const signed = (await newestCheckpoint(db))?._id ?? 0;
  const published = Math.floor(signed / TILE_WIDTH ** level) - n * TILE_WIDTH;
  if (published < width) return undefined;
  const hashes = (await readTiles({ ...db }, [{ level, n }])).get(tileName({ level, n }));
  return hashes && hashes.length >= width * HASH_LENGTH ? hashes.subarray(0, width * HASH_LENGTH) : undefined;
}
