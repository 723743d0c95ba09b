import { randomBytes } from 'node:crypto';
import { Binary, deserialize, EJSON, Long } from 'bson';
import { WireClient } from '../wire-client.js';
import type { Program, Step } from './commands.js';
import type { Doc } from './values.js';

const COLLECTIONS = ['d1', 'd2', 'd3'];

interface Session {
  readonly lsid: Doc;
  number: number;
  /** `fresh`: begun, and nothing sent yet. */
  state: 'none' | 'fresh' | 'open';
}

/** A store that is played to over one connection, in a database of its own. */
export class Player {
  readonly #client: WireClient;
  readonly #db: string;
  readonly #sessions: [Session, Session] = [newSession(), newSession()];
  #lost: () => void = () => undefined;

  constructor(uri: string, db: string) {
    this.#client = new WireClient(uri);
    this.#client.closed.then(() => this.#lost());
    this.#db = db;
  }

  /** A reply, with everything a cursor has left put into its first batch. */
  async command(command: Doc, around: Doc = {}): Promise<Doc> {
    const reply = await this.#ask({ ...command, ...around });
    const cursor = reply['cursor'] as Doc | undefined;
    if (!cursor) return reply;
    const batch = cursor['firstBatch'] as Doc[];
    const more = { ...around, startTransaction: undefined };
    for (let id = cursor['id'] as Long; !id.isZero(); ) {
      const next = await this.#ask({ getMore: id, collection: Object.values(command)[0], batchSize: 2, ...more });
      if (!next['cursor']) return next;
      batch.push(...((next['cursor'] as Doc)['nextBatch'] as Doc[]));
      id = (next['cursor'] as Doc)['id'] as Long;
    }
    return reply;
  }

  /** @throws Error when the store has gone away */
  async #ask(command: Doc): Promise<Doc> {
    const reply = await new Promise<Buffer>((resolve, reject) => {
      this.#lost = () => reject(new Error(`no answer to ${textOf(command)}`));
      this.#client.send(command, this.#db).then(resolve, reject);
    });
    return deserialize(reply, { promoteValues: false, bsonRegExp: true });
  }

  async start({ start }: Program): Promise<void> {
    for (const session of this.#sessions) {
      if (session.state === 'open') await this.#end(session, 'abortTransaction');
      session.state = 'none';
    }
    for (const name of COLLECTIONS) {
      await this.command({ drop: name });
      await this.command({ create: name });
    }
    if (start.length > 0) await this.command({ insert: 'd1', documents: start, ordered: false });
    if (start.length > 1) await this.command({ insert: 'd2', documents: start.slice(0, -1), ordered: false });
    if (start.length > 3) await this.command({ insert: 'd3', documents: start.slice(0, 2), ordered: false });
  }

  /** `undefined` where the step has no meaning, as a commit without a transaction. */
  async step(step: Step): Promise<Doc | undefined> {
    if (step.session === undefined) return this.command((step as { command: Doc }).command);
    const session = this.#sessions[step.session];
    if (step.kind === 'begin') {
      if (session.state !== 'none') return undefined;
      session.state = 'fresh';
      session.number++;
      return undefined;
    }
    if (session.state === 'none') return undefined;
    if (step.kind !== 'command') {
      const { state } = session;
      session.state = 'none';
      return state === 'open' ? this.#end(session, `${step.kind}Transaction`) : undefined;
    }
    const fresh = session.state === 'fresh';
    session.state = 'open';
    const reply = await this.command(step.command, {
      ...inside(session),
      ...(fresh ? { startTransaction: true } : {}),
    });
    if (Number(reply['ok']) !== 1 || reply['writeErrors']) session.state = 'none';
    return reply;
  }

  #end(session: Session, name: string): Promise<Doc> {
    return this.#ask({ [name]: 1, ...inside(session), $db: 'admin' });
  }

  async contents(): Promise<Record<string, string[]>> {
    const all: Record<string, string[]> = {};
    for (const name of COLLECTIONS) {
      const { cursor } = await this.command({ find: name, sort: { _id: 1 } });
      all[name] = ((cursor as Doc)['firstBatch'] as Doc[]).map(textOf).sort();
    }
    return all;
  }

  async close(): Promise<void> {
    await this.#client.send({ dropDatabase: 1 }, this.#db);
    await this.#client.close();
  }
}

const newSession = (): Session => ({ lsid: { id: new Binary(randomBytes(16), 4) }, number: 0, state: 'none' });
const inside = ({ lsid, number }: Session): Doc => ({ lsid, txnNumber: Long.fromNumber(number), autocommit: false });

/** Every type in it, with ids made by a server all alike, and without the zeros that the engine adds when it adds a zero. */
export function textOf(value: unknown): string {
  return EJSON.stringify(value, { relaxed: false })
    .replace(
      /("\$numberDecimal":"-?\d+)\.(?=\d{14,}(?:E[+-]\d+)?")(\d*?)0+(E[+-]\d+)?"/g,
      (_, whole: string, digits: string, power = '') => `${whole}${digits && `.${digits}`}${power}"`,
    )
    .replace(/"\$oid":"(?!0{24}|65e0a1b2c3d4e5f601234567)\w{24}"/g, '"$oid":"made"')
    .replace(/("\$numberDecimal":)"-?0(\.0+)?(E[+-]?\d+)?"/g, '$1"0"');
}

/** What of a reply has to be the same on every store, as text. */
export function answerOf(command: Doc, reply: Doc): string {
  if (Number(reply['ok']) !== 1) return textOf({ code: reply['code'], labels: reply['errorLabels'] ?? [] });
  const { cursor, values, writeErrors, n, nModified, upserted, lastErrorObject, value } = reply;
  const name = Object.keys(command)[0]!;
  const answer: Doc = { n, nModified, upserted, lastErrorObject, value };
  if (writeErrors) answer['writeErrors'] = (writeErrors as Doc[]).map(({ index, code }) => ({ index, code }));
  if (values) answer['values'] = (values as unknown[]).map(byValue).sort();
  if (cursor && name !== 'listCollections') {
    // The engine tells how it stores an index.
    const texts = ((cursor as Doc)['firstBatch'] as Doc[]).map(({ storageEngine: _engine, ...one }) => textOf(one));
    answer['documents'] = isOrdered(command) ? texts : texts.sort();
  }
  for (const field of ['n', 'nModified']) if (answer[field] !== undefined) answer[field] = Number(answer[field]);
  return textOf(Object.fromEntries(Object.entries(answer).filter(([, one]) => one !== undefined)));
}

/** Whether its documents come in an order that it asks for. */
export function isOrdered(command: Doc): boolean {
  if ('find' in command) return command['sort'] !== undefined;
  const last = Array.isArray(command['pipeline']) ? (command['pipeline'] as Doc[]).at(-1) : undefined;
  return last !== undefined && ('$sort' in last || '$limit' in last);
}

/** Of equal numbers the first one met is told, whichever type it has. */
function byValue(value: unknown): string {
  const number = /^\{"\$number\w+":"(.*)"\}$/.exec(textOf(value))?.[1];
  return number === undefined ? textOf({ value }) : String(Number(number));
}
