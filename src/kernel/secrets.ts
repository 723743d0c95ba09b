import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.js';
import { type EvidenceKeys, evidenceKeysFrom } from './evidence-keys.js';
import { deriveKey, hashOfKey } from './seal.js';

/** Step three: secrets, apart from the rest, never printed. */
export interface Secrets {
  /** ES256 (P-256) keys for access tokens; the first one signs, all verify. */
  readonly signingKeys: readonly SigningKey[];
  /** 32 bytes that seal TOTP secrets in the store. */
  readonly totpKey: Uint8Array;
  /** 32 bytes for links and limits: derived tokens, hashed addresses. */
  readonly linkKey: Uint8Array;
  /** 32 bytes that seal the private keys of the audit log in the store. */
  readonly auditKey: Uint8Array;
  /** HMAC secret shared with the exchange. Undefined: no exchange is configured. */
  readonly exchangeKey: Uint8Array | undefined;
  /** Our secrets at the providers of single sign-on. Undefined: a public client, by PKCE alone. */
  readonly ssoSecrets: { readonly customer: string | undefined; readonly staff: string | undefined };
  /** Master keys that wrap the data keys of evidence. */
  readonly evidenceKeys: EvidenceKeys;
  /** Undefined: the AWS SDK looks for credentials where it always does. */
  readonly s3Key: { readonly id: string; readonly secret: string } | undefined;
  /** The same for the bucket that keeps checkpoints of the audit log. */
  readonly auditStoreKey: { readonly id: string; readonly secret: string } | undefined;
  /** What shows the SIEM who we are: the key of our certificate (PEM), the value of the Authorization header. */
  readonly auditStream: { readonly key: string | undefined; readonly authorization: string | undefined };
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Kept {
  signingKey: string;
  rootKey: string;
  exchangeKey: string;
}

const NAMES = {
  signingKey: 'SIGNING_KEY',
  rootKey: 'ROOT_KEY',
  exchangeKey: 'EXCHANGE_KEY',
} as const satisfies Record<keyof Kept, string>;

const EVIDENCE_KEYS = 'EVIDENCE_KEYS';
const EVIDENCE_STORE_KEY = 'EVIDENCE_STORE_KEY';
const AUDIT_STORE_KEY = 'AUDIT_STORE_KEY';
const AUDIT_STREAM = { key: 'AUDIT_STREAM_KEY', authorization: 'AUDIT_STREAM_AUTHORIZATION' } as const;
const SSO_SECRETS = { customer: 'SSO_CUSTOMER_SECRET', staff: 'SSO_STAFF_SECRET' } as const;

/** The variables they are read from. */
export const SECRET_NAMES: readonly string[] = [
  ...Object.values(NAMES),
  EVIDENCE_KEYS,
  EVIDENCE_STORE_KEY,
  AUDIT_STORE_KEY,
  ...Object.values(AUDIT_STREAM),
  ...Object.values(SSO_SECRETS),
];

const FILE = 'secrets.json';

/**
 * Reads SIGNING_KEY (PKCS#8 PEM, P-256; several one after another for rotation), ROOT_KEY and EXCHANGE_KEY (base64, 32
 * bytes or more), EVIDENCE_KEYS (`id:base64` of 32 bytes, several one after another) and EVIDENCE_STORE_KEY (`id:secret`), each also
 * as NAME_FILE. Outside production, what is missing is made once and kept in `dataDir` (0600).
 *
 * @throws ConfigError naming the variable that is missing or does not fit
 */
export function readSecrets(config: Config, env: Readonly<Record<string, string | undefined>>): Secrets {
  const given = {
    signingKey: fromEnvironment(NAMES.signingKey, env),
    rootKey: fromEnvironment(NAMES.rootKey, env),
    exchangeKey: fromEnvironment(NAMES.exchangeKey, env),
  };
  const evidenceKeys = evidenceKeysFrom(
    () => fromEnvironment(EVIDENCE_KEYS, env),
    config.production ? undefined : config.dataDir,
  );
  const missing = Object.entries(given).filter(([, value]) => !value);
  const needed = missing.map(([name]): string => NAMES[name as keyof Kept]);
  if (config.evidence.kmsKeys.length === 0 && evidenceKeys.all().length === 0) needed.push(EVIDENCE_KEYS);
  if (config.production && needed.length > 0)
    throw new ConfigError(`missing in production: ${needed.join(', ')} (or the same with _FILE)`);
  const kept = missing.length > 0 ? ownSecrets(config.dataDir) : undefined;
  const rootKey = bytes('ROOT_KEY', given.rootKey ?? (kept as Kept).rootKey);
  return Object.freeze({
    signingKeys: signingKeys(given.signingKey ?? (kept as Kept).signingKey),
    totpKey: deriveKey(rootKey, 'firebreak totp secrets'),
    linkKey: deriveKey(rootKey, 'firebreak links'),
    auditKey: deriveKey(rootKey, 'firebreak audit log keys'),
    exchangeKey: bytes('EXCHANGE_KEY', given.exchangeKey ?? (kept as Kept).exchangeKey),
    evidenceKeys,
    s3Key: s3Key(EVIDENCE_STORE_KEY, fromEnvironment(EVIDENCE_STORE_KEY, env)),
    auditStoreKey: s3Key(AUDIT_STORE_KEY, fromEnvironment(AUDIT_STORE_KEY, env)),
    auditStream: {
      key: fromEnvironment(AUDIT_STREAM.key, env),
      authorization: headerValue(AUDIT_STREAM.authorization, fromEnvironment(AUDIT_STREAM.authorization, env)),
    },
    ssoSecrets: {
      customer: fromEnvironment(SSO_SECRETS.customer, env),
      staff: fromEnvironment(SSO_SECRETS.staff, env),
    },
  });
}

function fromEnvironment(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name] && file) throw new ConfigError(`${name} and ${name}_FILE are both set`);
  if (!file) return env[name] || undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE cannot be read`, { cause: error });
  }
}

function bytes(name: string, text: string): Uint8Array {
  const value = Buffer.from(text, 'base64');
  if (value.length < 32) throw new ConfigError(`${name} must be at least 32 bytes, in base64`);
  return new Uint8Array(value);
}

function headerValue(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\x20-\x7e]+$/.test(text)) throw new ConfigError(`${name} cannot stand in a header`);
  return text;
}

function s3Key(name: string, text: string | undefined): Secrets['s3Key'] {
  if (text === undefined) return undefined;
  const [, id, secret] = /^([\x21-\x39\x3b-\x7e]+):([\x21-\x7e]+)$/.exec(text) ?? [];
  if (id === undefined || secret === undefined) throw new ConfigError(`${name} must be id:secret`);
  return { id, secret };
}

function signingKeys(pem: string): readonly SigningKey[] {
  const blocks = pem.match(/-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/g) ?? [];
  const keys = blocks.map((block) => {
    const privateKey = privateKeyOf(block);
    const publicKey = createPublicKey(privateKey);
    if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new ConfigError('SIGNING_KEY must be on P-256');
    return { kid: hashOfKey(publicKey), privateKey, publicKey };
  });
  if (keys.length === 0) throw new ConfigError('SIGNING_KEY holds no PKCS#8 PEM key');
  return keys;
}

function privateKeyOf(block: string): KeyObject {
  try {
    return createPrivateKey(block);
  } catch (cause) {
    throw new ConfigError('SIGNING_KEY cannot be read as a PKCS#8 PEM key', { cause });
  }
}

/** The folder's own secrets, made at the first start. */
function ownSecrets(dataDir: string): Kept {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const made: Kept = {
      signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      rootKey: randomBytes(32).toString('base64'),
      exchangeKey: randomBytes(32).toString('base64'),
    };
    const partial = `${path}.${randomBytes(8).toString('hex')}`;
    writeFileSync(partial, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(partial, path); // unlike a rename it fails when another process made its own in the meantime
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    } finally {
      rmSync(partial);
    }
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Kept;
}
