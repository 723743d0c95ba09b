import { connect, type Socket } from 'node:net';
import { mongo } from 'mongoose';

const OP_MSG = 2013;

/** Sends hand-made frames: what a broken or hostile client would send, and what a driver sends again after a lost answer. */
export class WireClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #bytes = Buffer.alloc(0);
  #waiting: ((reply: Buffer) => void)[] = [];

  constructor(uri: string) {
    const host = decodeURIComponent(new URL(uri.replace('mongodb:', 'http:').replace(/%2F/gi, '_')).host);
    const path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(uri)![1]!);
    this.socket = path.startsWith('/') ? connect(path) : connect(Number(host.split(':')[1]), '127.0.0.1');
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => this.#take(chunk as Buffer));
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 4 && this.#bytes.length >= this.#bytes.readInt32LE(0)) {
      const length = this.#bytes.readInt32LE(0);
      this.#waiting.shift()?.(this.#bytes.subarray(21, length));
      this.#bytes = this.#bytes.subarray(length);
    }
  }

  async command(body: mongo.Document, db = 'test'): Promise<mongo.Document> {
    return mongo.BSON.deserialize(await this.send(body, db));
  }

  /** The reply's bytes, in which every value still has its type. Never settles when the connection ends. */
  send(body: mongo.Document, db = 'test'): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.socket.write(frame(mongo.BSON.serialize({ ...body, $db: db }, { ignoreUndefined: true })));
    });
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }
}

export function frame(body: Uint8Array, opcode = OP_MSG): Buffer {
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}
