import type { KmsNodeClientSupplier } from '@aws-crypto/kms-keyring-node';
import type { KeyringNode } from '@aws-crypto/material-management-node';
import type { EvidenceKeys } from '../kernel/evidence-keys.js';
import { type Context, decrypt, encrypt, encryption } from './encryption.js';

/** A data key as it is kept: a message of the AWS Encryption SDK, and the id of the master key that opens it. */
export interface WrappedKey {
  readonly masterKeyId: string;
  readonly message: Uint8Array;
}

/** Wraps the data key of each object, so that another master key means new wrappings and no new objects. */
export interface MasterKeys {
  /** The one that wraps from now on. */
  active(): string;
  isKnown(masterKeyId: string): boolean;
  /** `context` must be the same to unwrap. */
  wrap(dataKey: Uint8Array, context: Context): Promise<WrappedKey>;
  /** @throws KeyLost · WrappingBroken */
  unwrap(wrapped: WrappedKey, context: Context): Promise<Uint8Array>;
}

/** The master key is not among those we have: nothing is wrong with the object, and it opens again when the key is back. */
export class KeyLost extends Error {
  override readonly name = 'KeyLost';
  readonly masterKeyId: string;

  constructor(masterKeyId: string) {
    super(`master key ${masterKeyId} is not here`);
    this.masterKeyId = masterKeyId;
  }
}

/** The wrapped key was changed, or belongs to another object. */
export class WrappingBroken extends Error {
  override readonly name = 'WrappingBroken';
}

const NAMESPACE = 'firebreak evidence master keys';

export interface KmsSettings {
  readonly kmsKeys: readonly string[];
  readonly kmsUrl: string | undefined;
}

/** Master keys of ours and in KMS together: the first of KMS wraps when there is one, all unwrap what they wrapped. */
export function masterKeys(own: EvidenceKeys, { kmsKeys, kmsUrl }: KmsSettings): MasterKeys {
  const find = (id: string) => own.all().find((each) => each.id === id);

  const active = (): string => {
    const id = kmsKeys[0] ?? own.all()[0]?.id;
    if (id === undefined) throw new Error('there is no master key');
    return id;
  };

  async function keyringOf(id: string): Promise<KeyringNode> {
    if (kmsKeys.includes(id)) return kmsKeyring(id, kmsUrl);
    const found = find(id);
    if (!found) throw new KeyLost(id);
    return (await encryption()).keyring(NAMESPACE, id, found.key);
  }

  return {
    active,
    isKnown: (id) => kmsKeys.includes(id) || find(id) !== undefined,
    wrap: async (dataKey, context) => {
      const masterKeyId = active();
      const keyring = await keyringOf(masterKeyId);
      return { masterKeyId, message: await encrypt(keyring, dataKey, context) };
    },
    unwrap: async ({ masterKeyId, message }, context) => {
      const keyring = await keyringOf(masterKeyId);
      await encryption(); // what fails in that says nothing about the key
      const opened = await decrypt(keyring, message).catch((cause: unknown) => {
        if (isUnreachable(cause)) throw cause;
        throw new WrappingBroken('the wrapped key does not open', { cause });
      });
      if (Object.entries(context).some(([name, value]) => opened.context[name] !== value))
        throw new WrappingBroken('the wrapped key is of another object');
      return opened.plain;
    },
  };
}

/** KMS's own words stand in the message: the SDK gathers the errors of its keyrings into one text. */
const isUnreachable = (error: unknown): boolean =>
  /ECONN|ENOTFOUND|EAI_AGAIN|TimeoutError|AccessDenied|Throttling|KMSInternal|DependencyTimeout|DisabledException|KMSInvalidState|ExpiredToken|CredentialsProvider|security token/i.test(
    String((error as Error | undefined)?.message),
  );

const CONNECT_MS = 2_000;
const ANSWER_MS = 3_000; // a data key is wrapped while a transaction is open

async function kmsKeyring(arn: string, endpoint: string | undefined): Promise<KeyringNode> {
  const [{ KmsKeyringNode }, { KMS }] = await Promise.all([
    import('@aws-crypto/kms-keyring-node'),
    import('@aws-sdk/client-kms'),
  ]);
  const clientProvider = (region: string) =>
    new KMS({
      region,
      maxAttempts: 2,
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
      ...(endpoint === undefined ? {} : { endpoint }),
    }) as unknown as ReturnType<KmsNodeClientSupplier>; // the same client; their types differ on properties that may be undefined
  return new KmsKeyringNode({ generatorKeyId: arn, clientProvider });
}
