import winston from 'winston';

export type Logger = Pick<winston.Logger, 'error' | 'warn' | 'info' | 'debug' | 'child' | 'isLevelEnabled'>;

/** Names whose values never reach a log, wherever they stand in the metadata. */
const SECRET =
  /pass(word|phrase)?|secret|token|code|authorization|cookie|ticket|otp|totp|^key$|signature|e-?mail|phone|address(es)?$|contact|narrative|body/i;
const DEEPEST = 6;
const LONGEST = 2_000;

function redact(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (depth >= DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? '[redacted]' : redact(inner, depth + 1)]),
  );
}

/** Name, code and stack. The message of a Joi or store error can carry raw input, so it stays out, in the stack too. */
function describeError(error: Error): Record<string, unknown> {
  const { code, status } = error as { code?: unknown; status?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { problem: code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

const redaction = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) {
    if (name === 'message' || name === 'level') continue;
    info[name] = SECRET.test(name) ? '[redacted]' : redact(value, 0);
  }
  return info;
});

/**
 * JSON lines on standard error, one event a line, in UTC. Level `error` means that somebody must act now.
 */
export const makeLogger = (level: string, transports?: winston.transport[]): Logger =>
  winston.createLogger({
    level,
    silent: level === 'silent',
    format: winston.format.combine(redaction(), winston.format.timestamp(), winston.format.json()),
    transports: transports ?? [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
