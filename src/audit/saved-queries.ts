import { Schema } from 'mongoose';
import type { AuditDraft } from '../kernel/audit-draft.js';
import { newId } from '../kernel/ids.js';
import { collection, type Db, inside, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { auditProblem } from './problems.js';
import type { GivenFilter } from './search-events.js';
import { matcherOf } from './search-words.js';

/** What a reader of the log looks for again and again. What is looked for may be personal, so it is its owner's alone. */
interface SavedQuery {
  readonly _id: string;
  readonly owner: string;
  readonly name: string;
  readonly filter: GivenFilter;
  readonly savedAt: Date;
}

export interface SavedQueryView {
  id: string;
  name: string;
  filter: GivenFilter;
  savedAt: string;
}

/** Queries of one person. */
export const MOST_SAVED = 100;

const text = { type: String, required: true };
const schema = new Schema<SavedQuery>(
  { _id: text, owner: text, name: text, filter: { type: {}, required: true }, savedAt: { type: Date, required: true } },
  SCHEMA_OPTIONS,
);
schema.index({ owner: 1, name: 1 }, { unique: true });

const AuditQueries = collection<SavedQuery>('auditQueries', schema);

const record = (tx: Tx, action: string, { _id, name }: SavedQuery): void => {
  const draft: AuditDraft = { action, target: { kind: 'query', id: _id }, personal: { name } };
  tx.record(draft);
};

/**
 * Keeps a query under a name of the caller's.
 *
 * @throws Problem `address_not_valid` · `query_name_taken` · `queries_full` (forget one first)
 * Audited as `audit-query.saved`.
 */
export async function saveQuery(tx: Tx, name: string, filter: GivenFilter): Promise<SavedQueryView> {
  matcherOf(filter);
  const owner = tx.actor.id;
  const own = await AuditQueries(tx).collection.find({ owner }, inside(tx)).toArray();
  if (own.some((query) => query['name'] === name)) throw auditProblem('query_name_taken');
  if (own.length >= MOST_SAVED) throw auditProblem('queries_full');
  const query: SavedQuery = { _id: newId('query'), owner, name, filter, savedAt: tx.now };
  tx.append(AuditQueries, query);
  record(tx, 'audit-query.saved', query);
  return view(query);
}

/** The caller's own, by name. */
export async function listQueries(db: Db, owner: string): Promise<SavedQueryView[]> {
  const rows = await AuditQueries(db).collection.find({ owner }).sort({ name: 1 }).toArray();
  return (rows as unknown as SavedQuery[]).map(view);
}

/** @throws Problem `query_not_found`, also for what is somebody else's. Audited as `audit-query.forgotten`. */
export async function forgetQuery(tx: Tx, id: string): Promise<void> {
  const row = await AuditQueries(tx).collection.findOneAndDelete(
    { _id: id as never, owner: tx.actor.id },
    { ...inside(tx), includeResultMetadata: false },
  );
  if (!row) throw auditProblem('query_not_found');
  record(tx, 'audit-query.forgotten', row as unknown as SavedQuery);
}

const view = ({ _id, name, filter, savedAt }: SavedQuery): SavedQueryView => ({
  id: _id,
  name,
  filter,
  savedAt: savedAt.toISOString(),
});
