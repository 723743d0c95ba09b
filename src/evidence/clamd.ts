import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { firstEvent } from './first-event.js';
import { type Scanner, ScannerAway, type Verdict } from './scanner.js';

export interface ClamdOptions {
  /** `tcp://host:port` or `unix:///path`. */
  readonly url: string;
  /** For one file, from the connection to the answer. */
  readonly timeoutMs: number;
  /** clamd calls clean what is larger than it looks at, so such a file is not even asked about. */
  readonly maxBytes: number;
}

const MAX_ANSWER_BYTES = 4_096;
const END_OF_STREAM = Buffer.alloc(4);

/**
 * clamd by INSTREAM, each file on a connection of its own.
 *
 * Clean is only what clamd calls `stream: OK` after it was given the last byte, and nothing else with it.
 * Source: clamd(8), COMMANDS
 */
export function clamd({ url, timeoutMs, maxBytes }: ClamdOptions): Scanner {
  const to = addressOf(new URL(url));
  return {
    scan: async ({ size, bytes }) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const engine = await ask(to, deadline, 'zVERSION\0', nothing());
      if (!/^ClamAV [\x20-\x7e]{1,200}$/.test(engine.answer)) throw new ScannerAway('scanner-nonsense');
      if (size > maxBytes) return { found: 'failed', because: 'too-large', engine: engine.answer };
      return verdictOf(await ask(to, deadline, 'zINSTREAM\0', framed(bytes)), engine.answer);
    },
  };
}

function addressOf({ protocol, hostname, port, pathname }: URL): NetConnectOpts {
  if (protocol === 'unix:') return { path: decodeURIComponent(pathname) };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3310) };
}

interface Answered {
  /** Without the NUL that ends it. */
  readonly answer: string;
  /** It came before everything was sent. */
  readonly early: boolean;
}

function verdictOf({ answer, early }: Answered, engine: string): Verdict {
  const [, signature] = /^stream: ([\x21-\x7e]{1,200}) FOUND$/.exec(answer) ?? [];
  if (signature !== undefined) return { found: 'infected', signature, engine };
  if (/^INSTREAM size limit exceeded\. ERROR$/.test(answer)) return { found: 'failed', because: 'too-large', engine };
  if (/^stream: [\x20-\x7e]{1,300} ERROR$/.test(answer)) return { found: 'failed', because: 'scanner-error', engine };
  if (answer === 'stream: OK' && !early) return { found: 'clean', engine };
  throw new ScannerAway('scanner-nonsense');
}

/** Sends a command and what belongs to it; the answer ends when the other side hangs up. */
async function ask(
  to: NetConnectOpts,
  deadline: AbortSignal,
  command: string,
  body: AsyncIterable<Uint8Array>,
): Promise<Answered> {
  const socket = connect(to);
  const late = () => socket.destroy(new ScannerAway('scanner-slow'));
  deadline.addEventListener('abort', late, { once: true });
  if (deadline.aborted) late();
  const heard = hear(socket);
  heard.catch(() => undefined); // told below, once sending is over
  try {
    await once(socket, 'connect').catch((error: unknown) => {
      throw awayOf(error);
    });
    const early = await send(socket, Buffer.from(command), body);
    return { answer: await heard, early };
  } finally {
    deadline.removeEventListener('abort', late);
    socket.destroy();
  }
}

/**
 * Looks for an answer before each chunk: whoever has heard enough answers and hangs up, and the next chunk would break the pipe with the
 * answer unread.
 * @returns whether the other side had answered before everything was sent
 */
async function send(socket: Socket, command: Uint8Array, body: AsyncIterable<Uint8Array>): Promise<boolean> {
  socket.write(command);
  for await (const chunk of body) {
    await immediate(); // once round the loop: what came is read by now
    if (socket.bytesRead > 0 || socket.destroyed) return true; // it has made up its mind, or is gone
    if (!socket.write(chunk)) await firstEvent(socket, 'drain', 'close', 'data');
  }
  return socket.bytesRead > 0;
}

/** What it said until it hung up. Kept as it comes: a pipe that breaks afterwards takes nothing of it away. */
async function hear(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  let failure: unknown;
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > MAX_ANSWER_BYTES) socket.destroy(new ScannerAway('scanner-nonsense'));
  });
  socket.on('error', (error) => {
    failure = error;
  });
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // Having said that a file is too large it hangs up on the rest, and the rest is a broken pipe.
  if (failure !== undefined && (size === 0 || failure instanceof ScannerAway)) throw awayOf(failure);
  const text = Buffer.concat(chunks).toString('latin1');
  if (text === '') throw new ScannerAway('scanner-away');
  if (text.indexOf('\0') !== text.length - 1) throw new ScannerAway('scanner-nonsense');
  return text.slice(0, -1);
}

const awayOf = (error: unknown): ScannerAway =>
  error instanceof ScannerAway ? error : new ScannerAway('scanner-away', error);

/** Each chunk after its length, then a length of nothing. */
async function* framed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue; // would end the stream
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    yield Buffer.concat([length, chunk]);
  }
  yield END_OF_STREAM;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
