import { BSONError, type Document, deserialize, serialize } from 'bson';
import { CommandError } from './errors.js';
import { eachElement, MAX_MESSAGE, sizeOf, TYPE, validate } from './raw.js';

/** The MongoDB wire protocol: OP_MSG, and OP_QUERY for the first hello of older drivers. Source: MongoDB's wire protocol page. */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const REQUIRED_FLAGS = 0xffff;

/** A frame that breaks the protocol; the connection it came on is closed. */
export class ProtocolError extends Error {}

export interface Request {
  readonly requestId: number;
  readonly legacy: boolean;
  /** The client wants no answer. */
  readonly unacknowledged: boolean;
  readonly body: Document;
  /** Bytes of the body; filters, updates and documents are cut out of these. */
  readonly raw: Buffer;
  /** Document sequences by name, each document still in its bytes. */
  readonly sequences: ReadonlyMap<string, Buffer[]>;
}

/** Cuts a stream into messages; holds one unfinished message at most. */
export class Framer {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @throws ProtocolError when a length is below a header or beyond the limit */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= 4) {
      if (this.#chunks[0]!.length < 4) this.#join();
      const length = this.#chunks[0]!.readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE) throw new ProtocolError(`message length ${length}`);
      if (this.#bytes < length) return;
      if (this.#chunks[0]!.length < length) this.#join();
      const first = this.#chunks[0]!;
      if (first.length === length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(length);
      this.#bytes -= length;
      yield first.subarray(0, length);
    }
  }

  #join(): void {
    this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

/** @throws ProtocolError for anything that is not a well-formed request */
export function parseRequest(message: Buffer): Request {
  try {
    const requestId = message.readInt32LE(4);
    switch (message.readInt32LE(12)) {
      case OP_MSG:
        return parseMessage(message, requestId);
      case OP_QUERY:
        return parseQuery(message, requestId);
      default:
        throw new ProtocolError(`opcode ${message.readInt32LE(12)}`);
    }
  } catch (error) {
    if (error instanceof RangeError || error instanceof BSONError) throw new ProtocolError(error.message);
    throw error;
  }
}

function parseMessage(message: Buffer, requestId: number): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw new ProtocolError(`flags ${flags}`);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let at = HEADER_BYTES + 4;
  let raw: Buffer | undefined;
  const sequences = new Map<string, Buffer[]>();
  while (at < end) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new ProtocolError('section length');
    if (kind === 0) {
      if (raw) throw new ProtocolError('two bodies');
      raw = message.subarray(at, at + size);
    } else if (kind === 1) {
      const [name, documents] = parseSequence(message, at + 4, at + size);
      sequences.set(name, documents);
    } else throw new ProtocolError(`section kind ${kind}`);
    at += size;
  }
  if (!raw || at !== end) throw new ProtocolError('no body');
  return { requestId, legacy: false, unacknowledged: (flags & MORE_TO_COME) !== 0, body: bodyOf(raw), raw, sequences };
}

function parseSequence(message: Buffer, from: number, end: number): [string, Buffer[]] {
  const zero = message.indexOf(0, from);
  if (zero < 0 || zero >= end) throw new ProtocolError('sequence name');
  const documents: Buffer[] = [];
  let at = zero + 1;
  while (at < end) {
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new ProtocolError('document length');
    const document = message.subarray(at, at + size);
    validate(document);
    documents.push(document);
    at += size;
  }
  return [message.toString('utf8', from, zero), documents];
}

function parseQuery(message: Buffer, requestId: number): Request {
  const zero = message.indexOf(0, HEADER_BYTES + 4);
  if (zero < 0) throw new ProtocolError('collection name');
  const at = zero + 9;
  const raw = message.subarray(at, at + message.readInt32LE(at));
  const body = { ...bodyOf(raw), $db: 'admin' };
  return { requestId, legacy: true, unacknowledged: false, body, raw, sequences: new Map() };
}

/** The array of each command that the command cuts out of the bytes itself; it is left out of the parsed body. */
const BATCHES: Readonly<Record<string, string>> = {
  insert: 'documents',
  update: 'updates',
  delete: 'deletes',
  bulkWrite: 'ops',
};

/** Types are kept: a command's constants are compared and stored as the client sent them. */
function bodyOf(raw: Buffer): Document {
  validate(raw);
  return deserialize(withoutBatch(raw), { promoteValues: false, bsonRegExp: true });
}

function withoutBatch(raw: Buffer): Buffer {
  let batch: string | undefined;
  let rest = raw;
  eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
    const name = raw.toString('utf8', nameAt, nameEnd);
    if (nameAt === 5) batch = Object.hasOwn(BATCHES, name) ? BATCHES[name] : undefined;
    else if (type === TYPE.array && name === batch) {
      const end = at + sizeOf(raw, type, at);
      rest = Buffer.concat([raw.subarray(0, nameAt - 1), raw.subarray(end)]);
      rest.writeInt32LE(rest.length);
    }
    return batch === undefined || rest !== raw;
  });
  return rest;
}

/**
 * The documents of an array that a command needs, in their bytes, from the body or from a sequence of its own.
 *
 * @throws CommandError when there is none, or something else than documents in it
 */
export function itemsOf({ raw, sequences }: Request, command: string, name: string): readonly Buffer[] {
  const sequence = sequences.get(name);
  if (sequence) return sequence;
  const wrong = (path: string) =>
    new CommandError(14, `BSON field '${path}' is the wrong type, expected type 'object'`);
  let items: Buffer[] | undefined;
  eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
    if (raw.toString('utf8', nameAt, nameEnd) !== name) return false;
    if (type !== TYPE.array) throw wrong(`${command}.${name}`);
    const found: Buffer[] = [];
    eachElement(raw, at, (itemType, _from, _to, itemAt) => {
      if (itemType !== TYPE.object) throw wrong(`${command}.${name}.${found.length}`);
      found.push(raw.subarray(itemAt, itemAt + raw.readInt32LE(itemAt)));
      return false;
    });
    items = found;
    return true;
  });
  if (!items) throw new CommandError(40414, `BSON field '${command}.${name}' is missing but a required field`);
  return items;
}

/** A part of a reply that is BSON already: a document, or an array of documents. */
export class RawPart {
  readonly type: number;
  readonly pieces: readonly Buffer[];

  private constructor(type: number, pieces: readonly Buffer[]) {
    this.type = type;
    this.pieces = pieces;
  }

  static document(raw: Buffer): RawPart {
    return new RawPart(TYPE.object, [raw]);
  }

  static array(documents: readonly Buffer[]): RawPart {
    const pieces: Buffer[] = [Buffer.alloc(4)];
    let length = 5;
    documents.forEach((raw, i) => {
      const head = Buffer.from(`\x03${i}\0`, 'latin1');
      pieces.push(head, raw);
      length += head.length + raw.length;
    });
    pieces[0]!.writeInt32LE(length, 0);
    pieces.push(Buffer.alloc(1));
    return new RawPart(TYPE.array, pieces);
  }
}

export type Reply = Record<string, unknown>;

/** Serializes a reply; parts that are BSON already are copied, not parsed. */
export function encodeReply(reply: Reply): Buffer {
  const raw = Object.entries(reply).filter(([, value]) => value instanceof RawPart || isReplyPart(value));
  if (raw.length === 0) return Buffer.from(serialize(reply, { ignoreUndefined: true }));
  const pieces: Buffer[] = [Buffer.alloc(4)];
  const plain: Reply = {};
  for (const [name, value] of Object.entries(reply)) {
    if (value instanceof RawPart) {
      pieces.push(Buffer.from([value.type]), Buffer.from(`${name}\0`));
      for (const piece of value.pieces) pieces.push(piece); // more than a call takes arguments
    } else if (isReplyPart(value))
      pieces.push(Buffer.from([TYPE.object]), Buffer.from(`${name}\0`), encodeReply(value));
    else plain[name] = value;
  }
  pieces.push(Buffer.from(serialize(plain, { ignoreUndefined: true })).subarray(4));
  const whole = Buffer.concat(pieces);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

function isReplyPart(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => inner instanceof RawPart);
}

let lastRequestId = 0;

/** One buffer a reply, so that one write sends it. */
export function frameReply(request: Request, reply: Buffer): Buffer {
  const head = request.legacy ? HEADER_BYTES + 20 : HEADER_BYTES + 5;
  const message = Buffer.alloc(head + reply.length);
  message.writeInt32LE(message.length, 0);
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  message.writeInt32LE(lastRequestId, 4);
  message.writeInt32LE(request.requestId, 8);
  message.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) {
    message.writeInt32LE(8, 16);
    message.writeInt32LE(1, 32);
  }
  reply.copy(message, head);
  return message;
}
