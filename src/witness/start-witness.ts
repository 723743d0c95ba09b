import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatKey, parseKey, type VerifierKey } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import { addCheckpoint } from './add-checkpoint.js';
import { folderMemory, openSigner } from './folder-memory.js';
import type { Answer, FollowedLog, WitnessParts } from './words.js';

export interface WitnessOptions {
  /** Where it keeps its key and what it saw. One process at a time. */
  readonly folder: string;
  readonly name: string;
  /** Public keys of the logs to follow; several of one name for a log whose keys rotate. */
  readonly logs: readonly string[];
  readonly host: string;
  readonly port: number;
}

export interface Witness {
  readonly url: string;
  /** Its public key, for those who configure it. */
  readonly key: string;
  close(): Promise<void>;
}

/** Bytes of a request; 63 hashes and a note with sixteen signatures have a fifth of it. */
const LONGEST_BODY = 65_536;

/** Runs a witness of other people's logs (C2SP tlog-witness) over HTTP: cosigns what continues, and refuses a fork. */
export async function startWitness(options: WitnessOptions): Promise<Witness> {
  const signer = await openSigner(options.folder, options.name);
  const memory = await folderMemory(options.folder);
  const parts: WitnessParts = {
    primitives: nodePrimitives,
    logs: await logsOf(options.logs),
    memory,
    signer,
    now: () => new Date(),
  };
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body, type = 'text/plain; charset=utf-8' }) =>
        response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  async function answer(request: IncomingMessage): Promise<Answer> {
    if (request.url !== '/add-checkpoint') return { status: 404, body: 'POST /add-checkpoint\n' };
    if (request.method !== 'POST') return { status: 405, body: 'POST /add-checkpoint\n' };
    const body = await bodyOf(request);
    if (body === undefined) return { status: 413, body: 'too long\n' };
    const mine = turn.then(() => addCheckpoint(parts, body)); // one after another: see there
    turn = mine.catch(() => undefined);
    return mine;
  }
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    key: formatKey(signer.key),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await turn;
    },
  };
}

async function logsOf(texts: readonly string[]): Promise<FollowedLog[]> {
  const logs = new Map<string, VerifierKey[]>();
  for (const text of texts) {
    const key = await parseKey(nodePrimitives, text);
    logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
  }
  return [...logs].map(([origin, keys]) => ({ origin, keys }));
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > LONGEST_BODY) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
