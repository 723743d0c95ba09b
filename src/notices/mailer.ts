import { createTransport } from 'nodemailer';
import type { Config } from '../kernel/config.js';
import { makeFileOutbox } from './file-outbox.js';
import type { RenderedNotice } from './render-notice.js';

/** One mail on its way. */
export interface Mail extends RenderedNotice {
  /** The same for every try of one job, so that a mail sent twice is recognised as one. */
  readonly id: string;
  readonly to: string;
  readonly locale: string;
  readonly date: Date;
}

/** The way out for mails. `send` may be called again with the same mail. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Removes what killed processes left half written before this instant; absent where nothing is. @returns how many */
  sweep?(before: Date): Promise<number>;
  /** Lets go of connections; the worker has stopped by then, so nothing is on its way. */
  close(): Promise<void>;
}

/** Milliseconds; a server that does not answer is tried again by the job, not waited for. */
const CONNECT_TIMEOUT = 10_000;
const SILENCE_TIMEOUT = 30_000;

/** No address or header of ours is ever a file or a web address to be read in. */
const READS_NOTHING = { disableFileAccess: true, disableUrlAccess: true } as const;

/** Mails go to the server that `SMTP_URL` names, or as .eml files into `data/outbox/`. */
export function makeMailer(config: Pick<Config, 'mail' | 'dataDir'>): Mailer {
  const { smtpUrl, from } = config.mail;
  return smtpUrl === undefined ? fileMailer(`${config.dataDir}/outbox`, from) : smtpMailer(smtpUrl, from);
}

function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: SILENCE_TIMEOUT,
    ...READS_NOTHING,
  });
  return {
    send: async (mail) => {
      await transport.sendMail(message(mail, from));
    },
    close: async () => transport.close(),
  };
}

function fileMailer(folder: string, from: string): Mailer {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...READS_NOTHING });
  const outbox = makeFileOutbox(folder);
  return {
    send: async (mail) => {
      const { message: bytes } = await composer.sendMail(message(mail, from));
      await outbox.put(`${mail.id}.eml`, bytes as Buffer);
    },
    sweep: outbox.sweep,
    close: async () => undefined,
  };
}

const message = ({ id, to, locale, date, subject, text, html }: Mail, from: string) => ({
  from,
  to: { name: '', address: to },
  subject,
  text,
  html,
  date,
  messageId: `<${id}@${domainOf(from)}>`,
  headers: {
    'Content-Language': locale,
    'Auto-Submitted': 'auto-generated', // RFC 3834: no machine answers a machine
    'X-Auto-Response-Suppress': 'All',
  },
});

const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
