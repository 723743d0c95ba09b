import { createServer as createHttp, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';

/** A SIEM on a socket of its own, that can die and come back at the same place. */
export interface Collector {
  readonly port: number;
  /** Every message that it read, in the order it did; HTTP lines, or syslog messages without their length. */
  readonly messages: string[];
  /** What it does to the next connections; `take` unless told. */
  behave(how: 'take' | 'reset' | 'end-early' | 'refuse' | 'hang'): void;
  /** Connections or requests so far. */
  readonly contacts: () => number;
  /** Authorization headers seen. */
  readonly authorizations: string[];
  stop(): Promise<void>;
  start(): Promise<void>;
}

type How = Parameters<Collector['behave']>[0];

export async function syslogCollector(tls?: TlsOptions): Promise<Collector> {
  return collector((state) => {
    const handle = (socket: Socket) => {
      state.contacts += 1;
      let read = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (piece: Buffer) => {
        if (state.how === 'reset') return void (tls ? socket.destroy() : socket.resetAndDestroy());
        if (state.how === 'end-early') return void socket.destroy();
        read = Buffer.concat([read, piece]);
      });
      socket.on('end', () => {
        if (state.how === 'hang') return;
        state.messages.push(...framesOf(read));
        socket.end();
      });
      if (state.how === 'end-early') socket.end();
    };
    const options = { allowHalfOpen: true };
    return tls ? createTls({ ...tls, ...options }, handle) : createServer(options, handle);
  });
}

export async function httpCollector(): Promise<Collector> {
  return collector((state) =>
    createHttp(async (request: IncomingMessage, response) => {
      state.contacts += 1;
      state.authorizations.push(request.headers.authorization ?? '');
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const lines = Buffer.concat(pieces).toString().split('\n').filter(Boolean);
      if (state.how === 'refuse') return void response.writeHead(503).end();
      state.messages.push(...lines);
      if (state.how === 'reset') return void request.socket.resetAndDestroy(); // has it, and could not say so
      response.writeHead(204).end();
    }),
  );
}

interface State {
  how: How;
  contacts: number;
  readonly messages: string[];
  readonly authorizations: string[];
}

async function collector(make: (state: State) => Server | HttpServer): Promise<Collector> {
  const state: State = { how: 'take', contacts: 0, messages: [], authorizations: [] };
  let server: Server | undefined;
  let port = 0;
  const sockets = new Set<Socket>();
  const start = async () => {
    server = make(state);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  };
  await start();
  return {
    get port() {
      return port;
    },
    messages: state.messages,
    authorizations: state.authorizations,
    contacts: () => state.contacts,
    behave: (how) => {
      state.how = how;
    },
    start,
    stop,
  };
}

/** RFC 6587 section 3.4.1. @throws Error where the count does not lead to the next message */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString());
    if (!Number.isInteger(length) || length < 1) throw new Error('no length where a message begins');
    const end = space + 1 + length;
    if (end > bytes.length) break; // cut off: was never whole
    frames.push(bytes.subarray(space + 1, end).toString());
    at = end;
  }
  return frames;
}
