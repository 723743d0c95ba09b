import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreLocked } from './folder-lock.js';
import type { Served } from './server.js';
import { type StoreOptions, startStore } from './start-store.js';

/** Between two looks at a folder whose owner is starting or ending. */
const LOOK_AGAIN_MS = 50;

/**
 * Opens a folder as `startStore` does, or joins the process that has it. When that one ends, however it ends, this one
 * opens the folder and serves it at the same place, so that drivers that have its connection string find it again, about a second later.
 *
 * @throws Error for a folder of another format
 */
export async function joinStore(options: StoreOptions): Promise<Served> {
  const opened = await openOrJoin(options);
  if (!(opened instanceof StoreLocked)) return opened;
  const { uri } = opened;
  const ending = new AbortController();
  let served: Served | undefined;
  const inheriting = inherit({ ...options, ...placeOf(uri) }, uri, ending.signal).then(
    (own) => {
      served = own;
    },
    (error: unknown) => {
      if (!ending.signal.aborted) process.emitWarning(`embedded store: could not take over ${uri}: ${error}`);
    },
  );
  const close = async () => {
    ending.abort();
    await inheriting;
    await served?.close();
  };
  return { uri, close };
}

/** The store, or where another process serves it. */
async function openOrJoin(options: StoreOptions): Promise<Served | StoreLocked> {
  for (;;) {
    try {
      return await startStore(options);
    } catch (error) {
      if (!(error instanceof StoreLocked)) throw error;
      if (error.uri) return error;
      await delay(LOOK_AGAIN_MS); // its owner has the folder and does not listen yet
    }
  }
}

/** Stays connected to the owner, and opens the folder once that connection is gone and the lock is free. */
async function inherit(options: StoreOptions, uri: string, signal: AbortSignal): Promise<Served | undefined> {
  while (!signal.aborted) {
    await untilGone(
      connect(options.socketPath ? { path: options.socketPath } : { port: options.port ?? 0, host: '127.0.0.1' }),
      signal,
    );
    const opened = signal.aborted ? undefined : await openOrJoin(options);
    if (!(opened instanceof StoreLocked)) return opened;
    if (opened.uri !== uri) throw new Error(`its new owner serves it at ${opened.uri}`);
    await delay(LOOK_AGAIN_MS, undefined, { ref: false });
  }
  return undefined;
}

async function untilGone(socket: Socket, signal: AbortSignal): Promise<void> {
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  socket.unref().on('error', () => undefined);
  if (!socket.closed) await once(socket, 'close');
  signal.removeEventListener('abort', abort);
}

function placeOf(uri: string): Pick<StoreOptions, 'socketPath' | 'port'> {
  const host = decodeURIComponent(uri.split('/')[2] ?? '');
  return host.endsWith('.sock') ? { socketPath: host } : { port: Number(host.split(':')[1]) };
}
