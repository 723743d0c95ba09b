import { Schema } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { FileFacts, PreviewFailure, PreviewForm, Region } from './previewer/words.js';
import type { Handler } from './words.js';

/** What we made of an original: something to look at, or to give away. The original is never touched by it. */
export interface DerivativeDoc {
  readonly _id: string;
  readonly kind: 'preview' | 'redaction';
  readonly evidenceId: string;
  readonly caseId: string;
  readonly state: 'waiting' | 'ready' | 'failed';
  /** When ready. */
  readonly form?: PreviewForm;
  readonly objectId?: string;
  readonly sha256?: string;
  readonly size?: number;
  /** What the original says of itself. Personal data: goes when the original goes. */
  readonly facts?: FileFacts;
  /** When failed. */
  readonly because?: PreviewFailure;
  /** Of a redaction. */
  readonly regions?: readonly Region[];
  readonly reason?: string;
  readonly madeBy: Handler;
  readonly at: Date;
}

const handler = new Schema(
  { kind: { type: String, required: true }, id: { type: String, required: true } },
  { ...SCHEMA_OPTIONS, _id: false },
);

const derivativeSchema = new Schema<DerivativeDoc>(
  {
    _id: String,
    kind: { type: String, required: true },
    evidenceId: { type: String, required: true },
    caseId: { type: String, required: true },
    state: { type: String, required: true },
    form: String,
    objectId: String,
    sha256: String,
    size: Number,
    facts: { type: Schema.Types.Mixed },
    because: String,
    regions: { type: [Schema.Types.Mixed], default: undefined },
    reason: String,
    madeBy: { type: handler, required: true },
    at: { type: Date, required: true },
  },
  SCHEMA_OPTIONS,
);
derivativeSchema.index({ evidenceId: 1, at: 1 });
derivativeSchema.index({ caseId: 1, kind: 1 });

const Derivatives = collection<DerivativeDoc>('evidenceDerivatives', derivativeSchema);

/** There is one preview of a piece of evidence, under the name that follows from it. */
export const previewId = (evidenceId: string): string => evidenceId.replace(/^[a-z]+_/, 'preview_');

export const readDerivative = async (where: Where, id: string): Promise<DerivativeDoc | null> =>
  (await Derivatives(where).collection.findOne({ _id: id as never }, inside(where))) as unknown as DerivativeDoc | null;

/** The previews of a case by the evidence they are of. */
export async function previewsOf(db: Db, caseId: string): Promise<ReadonlyMap<string, DerivativeDoc>> {
  const rows = (await Derivatives(db)
    .collection.find({ caseId, kind: 'preview' })
    .toArray()) as unknown as DerivativeDoc[];
  return new Map(rows.map((row) => [row.evidenceId, row]));
}

/** Oldest first. */
export const redactionsOf = async (where: Where, evidenceId: string): Promise<readonly DerivativeDoc[]> =>
  (await Derivatives(where)
    .collection.find({ evidenceId, kind: 'redaction' }, inside(where))
    .sort({ at: 1, _id: 1 })
    .toArray()) as unknown as DerivativeDoc[];

/** Writes a derivative in place of what stood under its name. Whoever calls this records the audit event. */
export async function saveDerivative(tx: Tx, doc: DerivativeDoc): Promise<void> {
  const { _id, ...rest } = doc;
  await Derivatives(tx).collection.replaceOne({ _id: _id as never }, rest as never, {
    session: tx.session,
    upsert: true,
  });
}

/**
 * Forgets what was made of a piece of evidence, and what it said of itself: for whoever erases the original.
 * @returns the objects that held it, whose data keys go too
 */
export async function forgetDerivatives(tx: Tx, evidenceId: string): Promise<readonly string[]> {
  const { session } = tx;
  const rows = await Derivatives(tx)
    .collection.find({ evidenceId }, { session, projection: { objectId: 1 } })
    .toArray();
  await Derivatives(tx).collection.deleteMany({ evidenceId }, { session });
  return rows.flatMap((row) => (typeof row['objectId'] === 'string' ? [row['objectId']] : []));
}
