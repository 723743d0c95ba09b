import { type BundleEnd, type EventLine, parseEnd, parseEventLine, parseHeader, type Scope } from './bundle-lines.js';
import { equal, fromBase64, textOf, toBase64, toHex, utf8 } from './bytes.js';
import { type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.js';
import { at, Fault } from './fault.js';
import { bundledKeys } from './key-chain.js';
import { linesOf } from './lines.js';
import { Accumulator, hashLeaf, verifyInclusion } from './merkle.js';
import { formatKey, type VerifierKey } from './note.js';
import { verifyOpening } from './opening.js';
import type { Primitives } from './primitives.js';
import { verifyReceipt } from './receipt.js';
import { tableHead, tableRow } from './table.js';

/** What the checker knows from elsewhere; without keys the bundle's own are believed, and the result says so. */
export interface Known {
  /** Public keys of the log. */
  readonly keys?: readonly VerifierKey[];
  /** Witnesses, each of which must have signed the checkpoint too. */
  readonly witnesses?: readonly VerifierKey[];
  /** Signed notes kept from before, which the log must still contain. */
  readonly olderCheckpoints?: readonly string[];
  /** Signed notes that came with acts. */
  readonly receipts?: readonly string[];
  /** Lines of the table that came along. */
  readonly table?: AsyncIterable<Uint8Array>;
}

export interface Proven {
  readonly scope: Scope;
  readonly events: number;
  readonly openings: number;
  readonly checkpoint: VerifiedCheckpoint;
  /** The key that signed the checkpoint. */
  readonly signedBy: VerifierKey;
  readonly trusted: boolean;
  readonly olderCheckpoints: number;
  readonly receipts: number;
  readonly first?: string;
  readonly last?: string;
}

/**
 * Checks a bundle from its first byte to its last, in the memory of one line.
 *
 * The whole log is added up to its root; of a part each event is led to the root by its own proof. What a part leaves out
 * cannot be seen in it.
 * @throws Fault at the first thing that is wrong, with its place
 */
export async function verifyBundle(
  primitives: Primitives,
  pieces: AsyncIterable<Uint8Array>,
  known: Known = {},
): Promise<Proven> {
  const lines = numbered(linesOf(pieces));
  const digest = primitives.digest();
  const [first] = await take(lines);
  if (!first) throw new Fault('unreadable', 'empty');
  const header = await at('line 1', () => parseHeader(textOf(first.line)));
  digest.update(first.line);
  const keys = await at('line 1', () => bundledKeys(primitives, header, known.keys));
  const checkpoint = await at('checkpoint', () =>
    verifyCheckpoint(primitives, header.checkpoint, keys, known.witnesses ?? []),
  );
  requireWitnesses(checkpoint, known.witnesses ?? []);
  const older = await openOlder(primitives, keys, known.olderCheckpoints ?? [], checkpoint, header.scope);
  const promised = await openReceipts(primitives, keys, known.receipts ?? []);
  const table = known.table && rowsOf(known.table);
  await table?.expect(tableHead);

  const whole = header.scope.kind === 'log';
  const tree = new Accumulator(primitives);
  const counted = { events: 0, openings: 0, previous: -1, first: '', last: '' };
  let end: BundleEnd | undefined;
  await older.compare(tree);
  for await (const { line, number } of lines) {
    if (end) throw new Fault('unreadable', 'something follows the last line', `line ${number}`);
    const where = `line ${number}`;
    const text = await at(where, () => textOf(line));
    const found = await at(where, () => parseEventLine(text));
    if (!found) {
      end = await at(where, () => parseEnd(text));
      continue;
    }
    digest.update(line);
    const { index, event, openings } = found.parsed;
    const place = `line ${number} (event ${index})`;
    const leaf = await hashLeaf(primitives, utf8(found.text));
    if (whole ? index !== tree.size : index <= counted.previous)
      throw new Fault('order', whole ? `expected event ${tree.size}` : 'not after the one before', place);
    await at(place, () => requireScope(header.scope, found.parsed));
    if (whole) {
      await tree.append(leaf);
      if (older.sizes.has(tree.size)) await older.compare(tree);
    } else await at(place, () => requireInclusion(primitives, found.parsed, leaf, checkpoint));
    for (const opening of openings ?? []) await at(place, () => verifyOpening(primitives, event, opening));
    if (table) await at(`table, row ${counted.events + 2}`, () => table.expect(tableRow(found.parsed)));
    if (promised.size > 0) promised.delete(toHex(leaf));
    counted.events += 1;
    counted.openings += openings?.length ?? 0;
    counted.previous = index;
    counted.first ||= event.at;
    counted.last = event.at;
  }
  if (!end) throw new Fault('unreadable', 'cut off: the last line is missing', 'end');
  await requireDigest(end, counted.events, await digest.digest());
  if (whole) {
    if (tree.size !== checkpoint.size)
      throw new Fault('order', `${checkpoint.size} events were signed, ${tree.size} are here`, 'end');
    if (!equal(await tree.root(), checkpoint.root))
      throw new Fault('root', 'an event is not the one that was signed: the root differs', 'end');
  }
  await table?.end();
  const [missing] = promised.values();
  if (missing) throw new Fault('receipt', `${whole ? 'the log' : 'this part of the log'} lacks ${missing}`, 'receipt');
  const signer = checkpoint.signers.find(({ key }) => key.name === checkpoint.origin);
  return {
    scope: header.scope,
    events: counted.events,
    openings: counted.openings,
    checkpoint,
    signedBy: (signer as { key: VerifierKey }).key,
    trusted: known.keys !== undefined,
    olderCheckpoints: known.olderCheckpoints?.length ?? 0,
    receipts: known.receipts?.length ?? 0,
    ...(counted.first && { first: counted.first, last: counted.last }),
  };
}

async function* numbered(lines: AsyncGenerator<Uint8Array>) {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    yield { line, number };
  }
}

/** The first of them, without ending the rest as `for await` with `break` would. */
async function take<T>(items: AsyncGenerator<T>): Promise<[T?]> {
  const { value, done } = await items.next();
  return done ? [] : [value as T];
}

function requireWitnesses({ signers }: VerifiedCheckpoint, witnesses: readonly VerifierKey[]): void {
  const absent = witnesses.find((witness) => !signers.some(({ key }) => formatKey(key) === formatKey(witness)));
  if (absent) throw new Fault('unknown_key', `witness ${absent.name} has not signed it`, 'checkpoint');
}

async function openOlder(
  primitives: Primitives,
  keys: readonly VerifierKey[],
  notes: readonly string[],
  newest: VerifiedCheckpoint,
  { kind }: Scope,
) {
  const older = await Promise.all(
    notes.map((note) => at('older checkpoint', () => verifyCheckpoint(primitives, note, keys))),
  );
  for (const { origin, size, root } of older) {
    const where = `older checkpoint of ${size} events`;
    if (origin !== newest.origin) throw new Fault('consistency', 'of another log', where);
    if (size > newest.size) throw new Fault('consistency', `the log was cut back to ${newest.size}`, where);
    if (size === newest.size && !equal(root, newest.root))
      throw new Fault('consistency', 'the log was rewritten', where);
    if (kind !== 'log' && size < newest.size)
      throw new Fault('consistency', 'only the whole log can be held to it; export all of it', where);
  }
  return {
    sizes: new Set(older.map(({ size }) => size)),
    compare: async (tree: Accumulator) => {
      for (const { size, root } of older.filter((one) => one.size === tree.size && kind === 'log')) {
        if (!equal(await tree.root(), root))
          throw new Fault('consistency', 'the log was rewritten since', `older checkpoint of ${size} events`);
      }
    },
  };
}

async function openReceipts(
  primitives: Primitives,
  keys: readonly VerifierKey[],
  receipts: readonly string[],
): Promise<Map<string, string>> {
  const opened = await Promise.all(
    receipts.map((receipt) => at('receipt', () => verifyReceipt(primitives, receipt, keys))),
  );
  return new Map(opened.flatMap(({ events }) => events.map(({ leaf, id }) => [toHex(leaf), id])));
}

function requireScope(scope: Scope, { event }: EventLine): void {
  if (scope.kind === 'case' && event.caseId !== scope.caseId) throw new Fault('scope', 'not about this case');
  if (scope.kind === 'log') return;
  const instant = Date.parse(event.at);
  if (scope.from !== undefined && !(instant >= Date.parse(scope.from)))
    throw new Fault('scope', 'before the time asked for');
  if (scope.to !== undefined && !(instant < Date.parse(scope.to))) throw new Fault('scope', 'after the time asked for');
}

async function requireInclusion(
  primitives: Primitives,
  { index, proof = [] }: EventLine,
  leaf: Uint8Array,
  { size, root }: VerifiedCheckpoint,
): Promise<void> {
  const hashes = proof.map(fromBase64);
  if (!(await verifyInclusion(primitives, { index, size, leaf, proof: hashes, root })))
    throw new Fault('inclusion', 'not in the log that was signed');
}

async function requireDigest({ events, digest }: BundleEnd, counted: number, computed: Uint8Array): Promise<void> {
  if (events !== counted) throw new Fault('order', `${events} events were written, ${counted} are here`, 'end');
  if (digest !== toBase64(computed)) throw new Fault('digest', 'the bundle is not the one that was written', 'end');
}

function rowsOf(table: AsyncIterable<Uint8Array>) {
  const rows = linesOf(table);
  return {
    expect: async (row: string) => {
      const { value } = await rows.next();
      if (!value || !equal(value, utf8(row))) throw new Fault('table', 'says something else than the event', 'table');
    },
    end: async () => {
      if (!(await rows.next()).done) throw new Fault('table', 'has more rows than there are events', 'table');
    },
  };
}
