import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { syslogFrame } from './syslog-message.js';
import { NotTaken, type StreamTarget, type TlsOptions } from './target.js';

export interface SyslogOptions {
  readonly hostname: string;
  readonly port: number;
  /** Undefined: TCP without TLS. */
  readonly tls?: TlsOptions | undefined;
  /** HOSTNAME of every message. */
  readonly from: string;
}

/** Least milliseconds between the last byte and the end of a connection; otherwise two round trips, as connecting took one or more. */
const LEAST_QUIET_MS = 50;

/**
 * Syslog over TCP or TLS, octets counted. Syslog has no word of thanks, so each batch has a connection of its own: we end it, and
 * they end theirs once they have read to the end. One that breaks, or that they end first, counts as nothing; so that the two can
 * be told apart, ours is ended only after any end or reset of theirs would have been here.
 */
export function syslogTarget({ hostname, port, tls, from }: SyslogOptions): StreamTarget {
  return {
    id: `syslog ${tls ? 'tls' : 'tcp'}://${hostname}:${port}`,
    send: async (records, signal) => {
      signal.throwIfAborted();
      const host = hostname.replaceAll(/^\[|\]$/g, '');
      const socket = tls ? connectTls({ host, port, ...tls, minVersion: 'TLSv1.2' }) : connect({ host, port });
      const giveUp = () => void socket.destroy(new NotTaken('no answer in time'));
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        const begun = performance.now();
        await once(socket, tls ? 'secureConnect' : 'connect');
        const quietMs = Math.max(LEAST_QUIET_MS, 2 * (performance.now() - begun));
        await readToTheEnd(socket, records.map((record) => syslogFrame(record, from)).join(''), quietMs);
      } finally {
        signal.removeEventListener('abort', giveUp);
        socket.on('error', () => undefined).destroy();
      }
    },
  };
}

function readToTheEnd(socket: Socket, text: string, quietMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('end', () => {
      if (socket.writableEnded) resolve();
      else reject(new NotTaken('the connection was ended before all was sent'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new NotTaken('the connection broke before all was read')));
    socket.resume();
    socket.write(text, () => setTimeout(() => socket.end(), quietMs));
  });
}
