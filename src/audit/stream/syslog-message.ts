import type { Outbound } from './target.js';

const FACILITY = 13; // log audit
const SEVERITY = { done: 6, refused: 4, lost: 2 } as const;
const MOST = 2_147_483_647;

/**
 * One message with its length before it. What it says is JSON without a byte order mark, which readers of JSON stumble over:
 * for the RFC it is MSG-ANY.
 *
 * Source: RFC 5424 section 6; RFC 6587 section 3.4.1; RFC 5425 section 4.3.
 */
export function syslogFrame({ at, action, result, line, index }: Outbound, host: string): string {
  const header = `<${FACILITY * 8 + SEVERITY[result]}>1 ${at} ${word(host, 255)} firebreak - ${word(action, 32)}`;
  const message = `${header} [meta sequenceId="${(index % MOST) + 1}"] ${line}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

const word = (text: string, longest: number): string => text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, longest) || '-';
