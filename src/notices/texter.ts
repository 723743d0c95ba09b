import type { Config } from '../kernel/config.js';
import { makeFileOutbox } from './file-outbox.js';

/** One text message on its way. */
export interface TextMail {
  /** The same for every try of one job, so that a gateway can tell a repetition. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly date: Date;
}

/** The way out for text messages. `send` may be called again with the same message. */
export interface Texter {
  send(message: TextMail): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Text messages go to the gateway that `TEXT_URL` names, or as .txt files into `data/outbox/`, beside the mails. */
export function makeTexter({ texts, dataDir }: Pick<Config, 'texts' | 'dataDir'>): Texter {
  return texts.url === undefined ? fileTexter(`${dataDir}/outbox`) : gateway(new URL(texts.url));
}

function fileTexter(folder: string): Texter {
  const outbox = makeFileOutbox(folder);
  return {
    send: async ({ id, to, text, date }) =>
      outbox.put(`${id}.txt`, Buffer.from(`To: ${to}\nDate: ${date.toISOString()}\n\n${text}\n`)),
  };
}

/**
 * Posts `{ id, to, text }` as JSON, with the id as Idempotency-Key and what the URL has before `@` as HTTP Basic credentials;
 * any answer of the 2xx class is taken for accepted. Every provider's own dialect is a few lines of somebody's adapter away.
 */
function gateway({ username, password, origin, pathname, search }: URL): Texter {
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    send: async ({ id, to, text }) => {
      const response = await fetch(`${origin}${pathname}${search}`, {
        method: 'POST',
        redirect: 'error', // or the number and the text would go where nobody configured
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': id,
          ...(username ? { Authorization: `Basic ${credentials}` } : {}),
        },
        body: JSON.stringify({ id, to, text }),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the text gateway answered ${response.status}`);
    },
  };
}
