import { readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../../kernel/config.js';
import type { Secrets } from '../../kernel/secrets.js';
import { httpTarget } from './http-target.js';
import { syslogTarget } from './syslog-target.js';
import type { StreamTarget, TlsOptions } from './target.js';

const PORTS = { 'tcp:': 601, 'tls:': 6514 } as const; // RFC 3195 and RFC 5425, as IANA has them

/** Where the configuration says that events go; undefined when nowhere. @throws ConfigError naming what cannot be read */
export function streamTargetOf(
  { audit }: Pick<Config, 'audit'>,
  { auditStream }: Pick<Secrets, 'auditStream'>,
): StreamTarget | undefined {
  const { url: text, ca, cert } = audit.stream;
  if (text === undefined) return undefined;
  const url = new URL(text);
  const tls: TlsOptions = {
    ca: pem('AUDIT_STREAM_CA', ca),
    cert: pem('AUDIT_STREAM_CERT', cert),
    key: auditStream.key,
  };
  if ((tls.cert === undefined) !== (tls.key === undefined))
    throw new ConfigError('AUDIT_STREAM_CERT and AUDIT_STREAM_KEY go together');
  if (url.protocol === 'http:' || url.protocol === 'https:')
    return httpTarget({ url, tls, authorization: auditStream.authorization });
  const protocol = url.protocol as keyof typeof PORTS;
  const port = url.port === '' ? PORTS[protocol] : Number(url.port);
  const from = audit.origin.split('/')[0] ?? '-';
  return syslogTarget({ hostname: url.hostname, port, tls: protocol === 'tls:' ? tls : undefined, from });
}

function pem(name: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${name} cannot be read`, { cause });
  }
}
