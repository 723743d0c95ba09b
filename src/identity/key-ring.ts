import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto';
import { Schema } from 'mongoose';
import { type Clock, MINUTE, SECOND } from '../kernel/clock.js';
import { collection, type Db, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import { deriveKey, seal, unseal } from '../kernel/seal.js';
import type { Secrets, SigningKey } from '../kernel/secrets.js';

/** What the store knows of a key: one that a rotation made, or one of SIGNING_KEY that a rotation retired. */
export interface SigningKeyRow {
  _id: string;
  /** PKCS#8 PEM, sealed; absent for a key of SIGNING_KEY. */
  sealed?: string;
  createdAt: Date;
  /** Published before, so that everybody knows it when the first token comes. Absent for a key of SIGNING_KEY. */
  signsFrom?: Date;
  /** Tokens of it are refused from then on. Absent while it is the newest. */
  verifiesUntil?: Date;
}

const schema = new Schema<SigningKeyRow>(
  {
    _id: String,
    sealed: String,
    createdAt: { type: Date, required: true },
    signsFrom: Date,
    verifiesUntil: Date,
  },
  SCHEMA_OPTIONS,
);

export const SigningKeys = collection<SigningKeyRow>('signingKeys', schema);

/** Keys as tokens need them. */
export interface Keys {
  /** The one that signs now. */
  signer(): SigningKey;
  /** A key that verifies now. */
  find(kid: string): SigningKey | undefined;
}

export interface KeyRing extends Keys {
  /** Keys that verify now, and those that soon will. */
  published(): readonly SigningKey[];
  /** Looks into the store unless that was done just now; another process may have rotated. */
  keepFresh(): Promise<void>;
}

/** Keys that nobody rotates: the first one signs, all verify. */
export const fixedKeys = (keys: readonly SigningKey[]): Keys => ({
  signer: () => first(keys),
  find: (kid) => keys.find((key) => key.kid === kid),
});

/** How long a process may not know of a rotation elsewhere. */
export const FRESH_MS = 10 * SECOND;
/** From publishing a key to its first token: what readers of the key set may keep it for, and more. */
export const PUBLISHED_BEFORE_MS = 2 * MINUTE;
/** Seconds that readers of the key set may keep it. */
export const KEY_SET_SECONDS = 60;

interface Entry extends SigningKey {
  readonly signsFrom: Date | undefined;
  readonly verifiesUntil: Date | undefined;
}

/**
 * The signing keys of all processes: those of SIGNING_KEY, and those that `firebreak keys rotate-signing` keeps in the store,
 * sealed. The newest that may sign does; without any, the first of SIGNING_KEY.
 */
export function makeKeyRing({
  db,
  clock,
  secrets,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'signingKeys' | 'linkKey'>;
}): KeyRing {
  const opened = new Map<string, SigningKey>();
  let entries: readonly Entry[] = entriesOf([]);
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function entriesOf(rows: readonly SigningKeyRow[]): readonly Entry[] {
    const made = rows.flatMap(({ _id, sealed, signsFrom, verifiesUntil }) =>
      sealed ? [{ ...open(_id, sealed), signsFrom, verifiesUntil }] : [],
    );
    const given = secrets.signingKeys.map((key) => {
      const row = rows.find(({ _id }) => _id === key.kid);
      return { ...key, signsFrom: undefined, verifiesUntil: row?.verifiesUntil };
    });
    return [...made.toSorted((a, b) => Number(b.signsFrom) - Number(a.signsFrom)), ...given];
  }

  function open(kid: string, sealed: string): SigningKey {
    const known = opened.get(kid);
    if (known) return known;
    const privateKey = createPrivateKey(unsealKey(secrets, kid, sealed));
    const key = { kid, privateKey, publicKey: createPublicKey(privateKey) };
    opened.set(kid, key);
    return key;
  }

  async function read(): Promise<void> {
    const rows = await SigningKeys(db).find().lean<SigningKeyRow[]>().exec();
    entries = entriesOf(rows);
    readAt = performance.now();
  }

  const verifies = ({ verifiesUntil }: Entry) => !verifiesUntil || verifiesUntil > clock.now();
  const signs = (entry: Entry) => verifies(entry) && (!entry.signsFrom || entry.signsFrom <= clock.now());

  return {
    signer: () => entries.find(signs) ?? first(secrets.signingKeys),
    find: (kid) => entries.find((entry) => entry.kid === kid && verifies(entry)),
    published: () => entries.filter(verifies),
    keepFresh: async () => {
      if (performance.now() - readAt < FRESH_MS) return;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    },
  };
}

const contextOf = (kid: string): string => `signing key ${kid}`;

const sealingKey = ({ linkKey }: Pick<Secrets, 'linkKey'>): Uint8Array => deriveKey(linkKey, 'firebreak signing keys');

export const sealKey = (secrets: Pick<Secrets, 'linkKey'>, kid: string, pem: string): string =>
  seal(sealingKey(secrets), pem, contextOf(kid)).toString('base64');

const unsealKey = (secrets: Pick<Secrets, 'linkKey'>, kid: string, sealed: string): string =>
  unseal(sealingKey(secrets), Buffer.from(sealed, 'base64'), contextOf(kid));

function first(keys: readonly SigningKey[]): SigningKey {
  const [key] = keys;
  if (!key) throw new Error('no signing key');
  return key;
}

/** The keys as others verify our tokens with them (RFC 7517); public halves only. */
export const keySetView = (keys: readonly SigningKey[]) => ({
  keys: keys.map(({ kid, publicKey }) => {
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' }) as JsonWebKey;
    return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
  }),
});
