import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Joi from 'joi';
import { LOCALES, type Locale } from './locale.js';

/** Everything that can be set from outside, apart from secrets. Made once, frozen; nobody else reads the environment. */
/** An OpenID Connect provider that people sign in through. */
export interface SsoSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Values of `acr` or `amr` by which it says that it asked for two factors. Empty: its word never counts as two. */
  readonly strong: readonly string[];
}

export interface Config {
  readonly production: boolean;
  readonly logLevel: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Where people reach us; links in mails start with it. Undefined until listening when PORT is 0. */
    readonly baseUrl: string | undefined;
    /** How many proxies in front are trusted to name the source address. */
    readonly trustedProxies: number;
    readonly bodyLimitBytes: number;
    readonly requestsPerMinute: number;
    readonly shutdownMs: number;
  };
  readonly dataDir: string;
  readonly uploadsDir: string;
  readonly workflowsDir: string;
  /** Undefined: the embedded store on `dataDir`. */
  readonly mongoUri: string | undefined;
  readonly dbName: string;
  /** Undefined: the outbox is worked off in the web process. */
  readonly redisUrl: string | undefined;
  /** `concurrency` 0: this process works off nothing, another one does. */
  readonly jobs: { readonly concurrency: number; readonly leaseMs: number; readonly sweepMs: number };
  readonly audit: {
    /** The name of the log in what it signs. */
    readonly origin: string;
    /** Least seconds between two checkpoints that one outside witness gets. */
    readonly publishSeconds: number;
    readonly dropDir: string | undefined;
    readonly webhookUrl: string | undefined;
    readonly s3Url: string | undefined;
    /** Days of object lock. */
    readonly s3Days: number;
    /** C2SP witnesses: public key and submission prefix. */
    readonly witnesses: readonly { readonly key: string; readonly url: string }[];
    /** The SIEM that gets every event; paths of PEM files for TLS. */
    readonly stream: {
      readonly url: string | undefined;
      readonly from: 'beginning' | 'now';
      readonly ca: string | undefined;
      readonly cert: string | undefined;
    };
  };
  readonly mail: {
    readonly smtpUrl: string | undefined;
    readonly from: string;
    readonly staffTo: string;
    readonly staffLocale: Locale;
  };
  /** Undefined: text messages are written beside the mails. */
  readonly texts: { readonly url: string | undefined };
  readonly exchange: { readonly url: string | undefined; readonly keyId: string; readonly timeoutMs: number };
  readonly identity: {
    readonly accessTokenMinutes: number;
    readonly refreshTokenDays: number;
    /** The longest that a session of staff lasts, and lies unused. */
    readonly staffSessionHours: number;
    readonly staffIdleMinutes: number;
    readonly factorAgeDays: number;
    readonly attemptsPerMinute: number;
  };
  /** Undefined: no single sign-on for them. */
  readonly sso: { readonly customer: SsoSettings | undefined; readonly staff: SsoSettings | undefined };
  readonly uploads: {
    readonly maxFileBytes: number;
    readonly maxFiles: number;
    /** Bytes of one file that comes in pieces. */
    readonly maxResumableBytes: number;
    readonly caseMaxFiles: number;
    readonly caseMaxBytes: number;
    readonly personMaxBytesPerDay: number;
    /** What an interrupted upload left is removed after this long. */
    readonly graceMinutes: number;
  };
  readonly evidence: {
    /** Originals that one of staff may open in an hour. */
    readonly viewsPerHour: number;
    /** Previews that one of staff may open in an hour. */
    readonly previewsPerHour: number;
    /** Undefined: nobody scans. */
    readonly clamd: { readonly url: string; readonly timeoutMs: number; readonly maxBytes: number } | undefined;
    /** Days that the evidence of a closed case is kept. */
    readonly keepDays: number;
    /** What one preview may take. */
    readonly preview: { readonly milliseconds: number; readonly megabytes: number };
    /** Where objects lie; undefined: in `uploadsDir`. */
    readonly url: string | undefined;
    /** KMS keys that wrap data keys; the first one wraps. Empty: the master keys among the secrets do. */
    readonly kmsKeys: readonly string[];
    /** Another address of KMS than AWS's own. */
    readonly kmsUrl: string | undefined;
  };
  readonly reports: {
    readonly anonymousPerHour: number;
    readonly personPerHour: number;
    readonly holdHours: number;
    readonly holdsPerTargetPerDay: number;
    readonly holdsPerSourcePerDay: number;
  };
  readonly freeze: { readonly agentHours: number; readonly analystHours: number };
  readonly release: { readonly coolingOffHours: number; readonly expiryHours: number };
  readonly idempotencyHours: number;
  /** Holds every reply against its schema; on in tests. */
  readonly checkReplies: boolean;
}

const whole = (least: number, most: number) => Joi.number().integer().min(least).max(most);
const folder = (fallback: string) => Joi.string().default(fallback);
const url = (...schemes: string[]) => Joi.string().uri({ scheme: schemes });

/** `key address`, several with commas between; keys are as witnesses print them (C2SP signed-note). */
const WITNESS = '[^\\s,+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+ https?://[^\\s,]+';
const WITNESSES = new RegExp(`^${WITNESS}(?:, *${WITNESS})*$`);

/** Step one: names and shapes. A value that does not fit stops the process, naming the variable. */
export const environment = Joi.object({
  NODE_ENV: Joi.string().valid('production', 'development', 'test').default('development'),
  LOG_LEVEL: Joi.string().valid('error', 'warn', 'info', 'debug', 'silent').default('info'),
  HOST: Joi.string().hostname().default('127.0.0.1'),
  PORT: Joi.number().port().default(8080),
  BASE_URL: url('http', 'https'),
  TRUSTED_PROXIES: whole(0, 10).default(0),
  BODY_LIMIT_BYTES: whole(1_024, 1_048_576).default(262_144),
  REQUESTS_PER_MINUTE: whole(1, 1_000_000).default(600),
  SHUTDOWN_MS: whole(0, 120_000).default(10_000),
  DATA_DIR: folder('data'),
  UPLOADS_DIR: Joi.string(),
  WORKFLOWS_DIR: folder(fileURLToPath(new URL('../../workflows', import.meta.url))),
  MONGODB_URI: url('mongodb', 'mongodb+srv'),
  DB_NAME: Joi.string()
    .pattern(/^[A-Za-z0-9_-]{1,60}$/)
    .default('firebreak'),
  REDIS_URL: url('redis', 'rediss'),
  JOB_CONCURRENCY: whole(0, 256).default(16),
  JOB_LEASE_MS: whole(500, 600_000).default(30_000),
  JOB_SWEEP_MS: whole(50, 60_000).default(1_000),
  AUDIT_ORIGIN: Joi.string().pattern(/^[A-Za-z0-9][\w./:-]{0,199}$/),
  AUDIT_PUBLISH_SECONDS: whole(1, 86_400).default(60),
  AUDIT_DROP_DIR: Joi.string(),
  AUDIT_WEBHOOK_URL: url('http', 'https'),
  AUDIT_BUCKET_URL: url('s3'),
  AUDIT_BUCKET_DAYS: whole(1, 36_500).default(2_190),
  AUDIT_WITNESSES: Joi.string().pattern(WITNESSES),
  AUDIT_STREAM_URL: url('tcp', 'tls', 'http', 'https'),
  AUDIT_STREAM_FROM: Joi.string().valid('beginning', 'now').default('beginning'),
  AUDIT_STREAM_CA: Joi.string(),
  AUDIT_STREAM_CERT: Joi.string(),
  SMTP_URL: url('smtp', 'smtps'),
  MAIL_FROM: Joi.string().max(200).default('Firebreak <firebreak@localhost>'),
  STAFF_MAIL: Joi.string().email({ tlds: false }).default('security-desk@localhost.localdomain'),
  STAFF_LOCALE: Joi.string()
    .valid(...LOCALES)
    .default('zh-CN'),
  TEXT_URL: url('http', 'https'),
  EXCHANGE_URL: url('http', 'https'),
  EXCHANGE_KEY_ID: Joi.string()
    .pattern(/^[\w.-]{1,64}$/)
    .default('firebreak'),
  EXCHANGE_TIMEOUT_MS: whole(50, 30_000).default(2_000),
  ACCESS_TOKEN_MINUTES: whole(1, 60).default(10),
  REFRESH_TOKEN_DAYS: whole(1, 90).default(14),
  STAFF_SESSION_HOURS: whole(1, 24).default(24),
  STAFF_IDLE_MINUTES: whole(1, 1_440).default(60),
  FACTOR_AGE_DAYS: whole(0, 90).default(7),
  SSO_CUSTOMER_ISSUER: url('http', 'https'),
  SSO_CUSTOMER_CLIENT_ID: Joi.string().max(200),
  SSO_CUSTOMER_STRONG: Joi.string().max(1_000),
  SSO_STAFF_ISSUER: url('http', 'https'),
  SSO_STAFF_CLIENT_ID: Joi.string().max(200),
  SSO_STAFF_STRONG: Joi.string().max(1_000),
  ATTEMPTS_PER_MINUTE: whole(1, 100_000).default(10),
  UPLOAD_MAX_BYTES: whole(1_024, 1_073_741_824).default(26_214_400),
  UPLOAD_MAX_FILES: whole(1, 10).default(10),
  UPLOAD_RESUMABLE_MAX_BYTES: whole(1_024, 10_737_418_240).default(1_073_741_824),
  UPLOAD_GRACE_MINUTES: whole(0, 1_440).default(60),
  CASE_MAX_FILES: whole(1, 10_000).default(200),
  CASE_MAX_BYTES: whole(1_024, 1_099_511_627_776).default(10_737_418_240),
  PERSON_MAX_BYTES_PER_DAY: whole(1_024, 1_099_511_627_776).default(5_368_709_120),
  EVIDENCE_VIEWS_PER_HOUR: whole(1, 10_000).default(60),
  EVIDENCE_PREVIEWS_PER_HOUR: whole(1, 100_000).default(600),
  EVIDENCE_KEEP_DAYS: whole(30, 36_500).default(1_827),
  CLAMD_URL: url('tcp', 'unix'),
  CLAMD_TIMEOUT_MS: whole(100, 600_000).default(60_000),
  CLAMD_MAX_BYTES: whole(1_024, 2_147_483_647).default(104_857_600),
  PREVIEW_TIMEOUT_MS: whole(1_000, 120_000).default(15_000),
  PREVIEW_MEMORY_MB: whole(256, 8_192).default(1_024),
  EVIDENCE_URL: url('file', 's3'),
  EVIDENCE_KMS_KEYS: Joi.string().pattern(/^arn:aws[\w-]*:kms:[^,\s]+(?:,arn:aws[\w-]*:kms:[^,\s]+)*$/),
  EVIDENCE_KMS_URL: url('http', 'https'),
  ANONYMOUS_REPORTS_PER_HOUR: whole(1, 1_000_000).default(10),
  REPORTS_PER_HOUR: whole(1, 1_000_000).default(30),
  HOLD_HOURS: whole(1, 24).default(4),
  HOLDS_PER_TARGET_PER_DAY: whole(0, 100).default(1),
  HOLDS_PER_SOURCE_PER_DAY: whole(0, 100_000).default(3),
  AGENT_FREEZE_HOURS: whole(1, 24).default(24),
  ANALYST_FREEZE_HOURS: whole(1, 2_160).default(168),
  RELEASE_COOLING_OFF_HOURS: Joi.number().min(0).max(720).default(24),
  RELEASE_EXPIRY_HOURS: whole(1, 720).default(72),
  IDEMPOTENCY_HOURS: whole(1, 168).default(24),
  CHECK_REPLIES: Joi.boolean().default(false),
});

/** Configuration that cannot be used; the message names the variable and what is wrong with it, not its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Steps one and two: shapes, then values with defaults; contradictions are refused. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.keys(environment.describe().keys as object);
  const given = Object.fromEntries(known.filter((name) => env[name]).map((name) => [name, env[name]]));
  const { value, error } = environment.validate(given, { abortEarly: false, errors: { label: 'key' } });
  if (error) {
    throw new ConfigError(error.details.map(({ path, type }) => `${path.join('.')} does not fit (${type})`).join('; '));
  }
  refuseContradictions(value);
  return Object.freeze(shape(value));
}

type Values = Readonly<Record<string, unknown>>;

function refuseContradictions(v: Values): void {
  const production = v['NODE_ENV'] === 'production';
  const baseUrl = v['BASE_URL'] as string | undefined;
  if (production && !baseUrl) throw new ConfigError('BASE_URL is missing: links in mails need it in production');
  if (production && !baseUrl?.startsWith('https:'))
    throw new ConfigError('BASE_URL must be https in production: cookies are __Host-');
  if (production && !v['MONGODB_URI'] && v['REDIS_URL']) {
    throw new ConfigError('REDIS_URL without MONGODB_URI: workers cannot share the embedded store in production');
  }
  if ((v['ACCESS_TOKEN_MINUTES'] as number) > (v['STAFF_IDLE_MINUTES'] as number))
    throw new ConfigError(
      'ACCESS_TOKEN_MINUTES is longer than STAFF_IDLE_MINUTES: a token would outlive its idle session',
    );
  for (const whose of ['SSO_CUSTOMER', 'SSO_STAFF']) {
    const [issuer, clientId] = [v[`${whose}_ISSUER`] as string | undefined, v[`${whose}_CLIENT_ID`]];
    if (Boolean(issuer) !== Boolean(clientId))
      throw new ConfigError(`${whose}_ISSUER and ${whose}_CLIENT_ID go together`);
    if (production && issuer && !issuer.startsWith('https:'))
      throw new ConfigError(`${whose}_ISSUER must be https in production`);
  }
  const stream = v['AUDIT_STREAM_URL'] as string | undefined;
  if (stream && new URL(stream).username + new URL(stream).password !== '')
    throw new ConfigError('AUDIT_STREAM_URL holds credentials: they belong into AUDIT_STREAM_AUTHORIZATION');
  if (production && !v['EXCHANGE_URL']) throw new ConfigError('EXCHANGE_URL is missing: nothing could be frozen');
}

function shape(v: Values): Config {
  const text = (name: string) => v[name] as string;
  const number = (name: string) => v[name] as number;
  const maybe = (name: string) => v[name] as string | undefined;
  const dataDir = absolute(text('DATA_DIR'));
  const ownUploads = text('DATA_DIR') === 'data' ? 'uploads' : `${dataDir}/uploads`;
  return {
    production: text('NODE_ENV') === 'production',
    logLevel: text('LOG_LEVEL'),
    http: {
      host: text('HOST'),
      port: number('PORT'),
      baseUrl: maybe('BASE_URL')?.replace(/\/+$/, ''),
      trustedProxies: number('TRUSTED_PROXIES'),
      bodyLimitBytes: number('BODY_LIMIT_BYTES'),
      requestsPerMinute: number('REQUESTS_PER_MINUTE'),
      shutdownMs: number('SHUTDOWN_MS'),
    },
    dataDir,
    uploadsDir: absolute(maybe('UPLOADS_DIR') ?? ownUploads),
    workflowsDir: absolute(text('WORKFLOWS_DIR')),
    mongoUri: maybe('MONGODB_URI'),
    dbName: text('DB_NAME'),
    redisUrl: maybe('REDIS_URL'),
    jobs: { concurrency: number('JOB_CONCURRENCY'), leaseMs: number('JOB_LEASE_MS'), sweepMs: number('JOB_SWEEP_MS') },
    audit: {
      origin: maybe('AUDIT_ORIGIN') ?? `${placeOf(maybe('BASE_URL'))}/audit`,
      publishSeconds: number('AUDIT_PUBLISH_SECONDS'),
      dropDir: maybe('AUDIT_DROP_DIR') && absolute(text('AUDIT_DROP_DIR')),
      webhookUrl: maybe('AUDIT_WEBHOOK_URL'),
      s3Url: maybe('AUDIT_BUCKET_URL'),
      s3Days: number('AUDIT_BUCKET_DAYS'),
      witnesses: witnessesIn(maybe('AUDIT_WITNESSES')),
      stream: {
        url: maybe('AUDIT_STREAM_URL'),
        from: v['AUDIT_STREAM_FROM'] as Config['audit']['stream']['from'],
        ca: maybe('AUDIT_STREAM_CA'),
        cert: maybe('AUDIT_STREAM_CERT'),
      },
    },
    mail: {
      smtpUrl: maybe('SMTP_URL'),
      from: text('MAIL_FROM'),
      staffTo: text('STAFF_MAIL'),
      staffLocale: v['STAFF_LOCALE'] as Locale,
    },
    texts: { url: maybe('TEXT_URL') },
    exchange: { url: maybe('EXCHANGE_URL'), keyId: text('EXCHANGE_KEY_ID'), timeoutMs: number('EXCHANGE_TIMEOUT_MS') },
    identity: {
      accessTokenMinutes: number('ACCESS_TOKEN_MINUTES'),
      refreshTokenDays: number('REFRESH_TOKEN_DAYS'),
      staffSessionHours: number('STAFF_SESSION_HOURS'),
      staffIdleMinutes: number('STAFF_IDLE_MINUTES'),
      factorAgeDays: number('FACTOR_AGE_DAYS'),
      attemptsPerMinute: number('ATTEMPTS_PER_MINUTE'),
    },
    sso: { customer: sso(v, 'CUSTOMER'), staff: sso(v, 'STAFF') },
    uploads: {
      maxFileBytes: number('UPLOAD_MAX_BYTES'),
      maxFiles: number('UPLOAD_MAX_FILES'),
      maxResumableBytes: number('UPLOAD_RESUMABLE_MAX_BYTES'),
      caseMaxFiles: number('CASE_MAX_FILES'),
      caseMaxBytes: number('CASE_MAX_BYTES'),
      personMaxBytesPerDay: number('PERSON_MAX_BYTES_PER_DAY'),
      graceMinutes: number('UPLOAD_GRACE_MINUTES'),
    },
    evidence: {
      viewsPerHour: number('EVIDENCE_VIEWS_PER_HOUR'),
      previewsPerHour: number('EVIDENCE_PREVIEWS_PER_HOUR'),
      keepDays: number('EVIDENCE_KEEP_DAYS'),
      clamd: clamdOf(v),
      preview: { milliseconds: number('PREVIEW_TIMEOUT_MS'), megabytes: number('PREVIEW_MEMORY_MB') },
      url: maybe('EVIDENCE_URL'),
      kmsKeys: maybe('EVIDENCE_KMS_KEYS')?.split(',') ?? [],
      kmsUrl: maybe('EVIDENCE_KMS_URL'),
    },
    reports: {
      anonymousPerHour: number('ANONYMOUS_REPORTS_PER_HOUR'),
      personPerHour: number('REPORTS_PER_HOUR'),
      holdHours: number('HOLD_HOURS'),
      holdsPerTargetPerDay: number('HOLDS_PER_TARGET_PER_DAY'),
      holdsPerSourcePerDay: number('HOLDS_PER_SOURCE_PER_DAY'),
    },
    freeze: { agentHours: number('AGENT_FREEZE_HOURS'), analystHours: number('ANALYST_FREEZE_HOURS') },
    release: { coolingOffHours: number('RELEASE_COOLING_OFF_HOURS'), expiryHours: number('RELEASE_EXPIRY_HOURS') },
    idempotencyHours: number('IDEMPOTENCY_HOURS'),
    checkReplies: v['CHECK_REPLIES'] as boolean,
  };
}

const witnessesIn = (text = ''): Config['audit']['witnesses'] =>
  text
    .split(/, */)
    .filter(Boolean)
    .map((one) => ({ key: one.slice(0, one.indexOf(' ')), url: one.slice(one.indexOf(' ') + 1) }));

/** An address without its scheme, as logs are named (c2sp.org/tlog-checkpoint). */
const placeOf = (baseUrl = 'http://localhost'): string => baseUrl.replace(/^https?:\/\/|\/+$/g, '');

function sso(v: Values, whose: 'CUSTOMER' | 'STAFF'): SsoSettings | undefined {
  const [issuer, clientId, strong] = ['ISSUER', 'CLIENT_ID', 'STRONG'].map((name) => v[`SSO_${whose}_${name}`]);
  if (!issuer) return undefined;
  return {
    issuer: String(issuer),
    clientId: String(clientId),
    strong: strong === undefined ? [] : String(strong).split(/\s+/).filter(Boolean),
  };
}

const clamdOf = (v: Values): Config['evidence']['clamd'] =>
  v['CLAMD_URL'] === undefined
    ? undefined
    : {
        url: v['CLAMD_URL'] as string,
        timeoutMs: v['CLAMD_TIMEOUT_MS'] as number,
        maxBytes: v['CLAMD_MAX_BYTES'] as number,
      };

const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(path));
