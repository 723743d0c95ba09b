import { generateKeyPairSync } from 'node:crypto';
import { trusted } from 'mongoose';
import { systemActor } from '../kernel/actor.js';
import { MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Kernel } from '../kernel/route.js';
import { hashOfKey } from '../kernel/seal.js';
import type { Tx } from '../kernel/transact.js';
import { signingKeyRotated } from './events.js';
import { PUBLISHED_BEFORE_MS, type SigningKeyRow, SigningKeys, sealKey } from './key-ring.js';

/** The longest life that ACCESS_TOKEN_MINUTES may give a token, and a minute for clocks that differ. */
const LONGEST_TOKEN_MS = 61 * MINUTE;

export interface Rotation {
  readonly kid: string;
  readonly signsFrom: Date;
  /** Kids of the keys that verify until then and no longer. */
  readonly retired: readonly string[];
  readonly retiredFrom: Date;
}

/**
 * `firebreak keys rotate-signing`: makes a new key, keeps it in the store, and retires all others once their last tokens are
 * over. Running processes find it there.
 *
 * @param leaked a key is known to somebody else: the new one signs at once and the others are void, so that everybody's
 *               access tokens are refused and refreshed; other processes follow within 10 s
 * Audited as `signing-key.rotated` by the actor `cli`.
 */
export async function rotateSigningKey(
  ctx: Pick<Kernel, 'transact' | 'secrets'>,
  { leaked }: { leaked: boolean },
): Promise<Rotation> {
  return ctx.transact(systemActor('cli', newId('cli')), async (tx) => {
    const signsFrom = new Date(tx.now.getTime() + (leaked ? 0 : PUBLISHED_BEFORE_MS));
    const retiredFrom = leaked ? tx.now : new Date(signsFrom.getTime() + LONGEST_TOKEN_MS);
    const retired = await retireAll(tx, ctx, retiredFrom);
    const kid = await makeKey(tx, ctx, signsFrom);
    tx.record(signingKeyRotated(kid, retired, leaked));
    return { kid, signsFrom, retired, retiredFrom };
  });
}

/** Those that are retired already keep their earlier end. */
async function retireAll(tx: Tx, { secrets }: Pick<Kernel, 'secrets'>, at: Date): Promise<string[]> {
  const { session } = tx;
  const known = await SigningKeys(tx).find({}, null, { session }).lean<SigningKeyRow[]>().exec();
  const isOpen = ({ verifiesUntil }: SigningKeyRow) => !verifiesUntil || verifiesUntil > at;
  const open = known.filter(isOpen).map(({ _id }) => _id);
  await SigningKeys(tx).updateMany({ _id: trusted({ $in: open }) }, { $set: { verifiesUntil: at } }, { session });
  const given = secrets.signingKeys.map(({ kid }) => kid).filter((kid) => !known.some(({ _id }) => _id === kid));
  for (const kid of given)
    await SigningKeys(tx).create([{ _id: kid, createdAt: tx.now, verifiesUntil: at }], { session });
  return [...open, ...given];
}

async function makeKey(tx: Tx, { secrets }: Pick<Kernel, 'secrets'>, signsFrom: Date): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = hashOfKey(publicKey);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const row: SigningKeyRow = { _id: kid, sealed: sealKey(secrets, kid, pem), createdAt: tx.now, signsFrom };
  await SigningKeys(tx).create([row], { session: tx.session });
  return kid;
}

/** `firebreak keys list`: the newest first, as the store knows them. */
export async function listSigningKeys({ db, secrets }: Pick<Kernel, 'db' | 'secrets'>): Promise<ListedKey[]> {
  const rows = await SigningKeys(db).find().sort({ createdAt: -1, signsFrom: -1 }).lean<SigningKeyRow[]>().exec();
  const unknown = secrets.signingKeys.filter(({ kid }) => !rows.some(({ _id }) => _id === kid));
  return [
    ...rows.map(({ _id, sealed, signsFrom, verifiesUntil }) => ({
      kid: _id,
      from: sealed ? ('rotation' as const) : ('SIGNING_KEY' as const),
      ...(signsFrom && { signsFrom }),
      ...(verifiesUntil && { verifiesUntil }),
    })),
    ...unknown.map(({ kid }) => ({ kid, from: 'SIGNING_KEY' as const })),
  ];
}

export interface ListedKey {
  readonly kid: string;
  readonly from: 'rotation' | 'SIGNING_KEY';
  readonly signsFrom?: Date;
  readonly verifiesUntil?: Date;
}
