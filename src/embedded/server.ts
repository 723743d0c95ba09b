import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cursors } from './cursors.js';
import { dispatch, type Shared } from './dispatch.js';
import { Sessions } from './sessions.js';
import { Solo } from './solo.js';
import { Store } from './store.js';
import { sweepExpired } from './time-to-live.js';
import { Framer, frameReply, ProtocolError, parseRequest } from './wire.js';

/** sun_path takes 107 bytes and a zero; the driver wants names that end in .sock. */
const MAX_SOCKET_PATH = 107;
/** How often expired documents, idle cursors and old sessions are looked for; MongoDB's TTL monitor does the same. */
const SWEEP_MS = 60_000;

export interface ServeOptions {
  readonly dataDir: string;
  readonly socketPath?: string | undefined;
  readonly port?: number | undefined;
  readonly sweepMs?: number | undefined;
  readonly transactionMs?: number | undefined;
}

const giveUp = (cause: unknown): void =>
  void setImmediate(() => {
    throw new Error('the store takes nothing more until it is opened again', { cause });
  });

export interface Served {
  readonly uri: string;
  close(): Promise<void>;
}

/**
 * Opens the folder and serves it in this thread. When its disk fails the thread ends with an error, and with it the process, unless
 * that knows better: whoever starts it again finds what was acknowledged.
 *
 * @throws StoreLocked · Error for a folder of another format
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const solo = new Solo();
  const store = await Store.open(options.dataDir, { onFailure: giveUp, isAlone: () => solo.isAlone });
  const sessions = new Sessions(store, options.transactionMs);
  const cursors = new Cursors();
  const sockets = new Set<Socket>();
  let connections = 0;
  const shared: Shared & { address: string } = { store, sessions, cursors, address: '' };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      sessions.dropped(socket);
    });
    converse(shared, socket, ++connections, solo);
  });
  const place = await listen(server, options).catch(async (error) => {
    await store.close();
    throw error;
  });
  shared.address = place.address;
  store.announce(place.uri);
  const sweeper = setInterval(() => void sweep(store, sessions, cursors), options.sweepMs ?? SWEEP_MS);
  sweeper.unref();
  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(sweeper);
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    place.remove(); // before the folder is free: whoever opens it next listens at the same place
    sessions.close();
    await store.close();
  };
  return { uri: place.uri, close: () => (closing ??= close()) };
}

async function sweep(store: Store, sessions: Sessions, cursors: Cursors): Promise<void> {
  const now = Date.now();
  cursors.sweep(now);
  try {
    await sessions.sweep(now);
    await sweepExpired(store, now);
  } catch (error) {
    process.emitWarning(`embedded store: sweep failed: ${error instanceof Error ? error.message : error}`);
  }
}

interface Place {
  readonly uri: string;
  readonly address: string;
  remove(): void;
}

async function listen(server: Server, { dataDir, socketPath, port }: ServeOptions): Promise<Place> {
  if (port !== undefined) {
    await bound(server, () => server.listen({ host: '127.0.0.1', port }));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { uri: `mongodb://${address}/?directConnection=true`, address, remove: () => {} };
  }
  let path = socketPath ?? join(dataDir, 'store.sock');
  let folder: string | undefined;
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    if (socketPath !== undefined) throw new Error(`socket path is longer than ${MAX_SOCKET_PATH} bytes: ${socketPath}`);
    folder = mkdtempSync(join(tmpdir(), 'store-'));
    path = join(folder, 'store.sock');
  }
  rmSync(path, { force: true });
  await bound(server, () => server.listen({ path }));
  chmodSync(path, 0o600);
  const remove = () => rmSync(folder ?? path, { force: true, recursive: true });
  return { uri: `mongodb://${encodeURIComponent(path)}/?directConnection=true`, address: path, remove };
}

function bound(server: Server, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    begin();
  });
}

/**
 * Answers a connection's requests one after the other. While an answer is being made, or waits for a slow reader to take
 * it, nothing more is read from that socket, so that nobody can make the store buffer without end.
 */
function converse(shared: Shared, socket: Socket, connectionId: number, solo: Solo): void {
  const framer = new Framer();
  const messages: Buffer[] = [];
  let busy = false;

  const next = (): void => {
    while (!busy && !socket.destroyed) {
      const message = messages.shift();
      if (!message) {
        if (socket.isPaused() && !socket.writableNeedDrain) socket.resume();
        return;
      }
      const request = parseRequest(message);
      const answer = dispatch(shared, request, socket, connectionId);
      const send = (reply: Buffer) => {
        if (!request.unacknowledged && !socket.destroyed && !socket.write(frameReply(request, reply))) waitForDrain();
        solo.answered();
      };
      if (!(answer instanceof Promise)) send(answer);
      else {
        busy = true;
        void answer.then((reply) => {
          busy = false;
          send(reply);
          guarded(next);
        });
      }
    }
    if (messages.length > 0) socket.pause();
  };

  const waitForDrain = (): void => {
    busy = true;
    socket.pause();
    socket.once('drain', () => {
      busy = false;
      guarded(next);
    });
  };

  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError))
        process.emitWarning(`embedded store: ${error instanceof Error ? error.stack : error}`);
      socket.destroy();
    }
  };

  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) =>
    guarded(() => {
      solo.heard(connectionId);
      for (const message of framer.push(chunk)) messages.push(message);
      next();
    }),
  );
}
