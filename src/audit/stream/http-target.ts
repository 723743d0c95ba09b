import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { NotTaken, type StreamTarget, type TlsOptions } from './target.js';

export interface HttpOptions {
  readonly url: URL;
  readonly tls: TlsOptions;
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
}

/** Posts batches as NDJSON, a record a line. 2xx says that they are kept; anything else, a redirection too, that they are not. */
export function httpTarget({ url, tls, authorization }: HttpOptions): StreamTarget {
  return {
    id: `${url.origin}${url.pathname}`, // a query may hold a token
    send: async (records, signal) => {
      const body = Buffer.from(records.map(({ line }) => `${line}\n`).join(''));
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-ndjson',
          'Content-Length': body.length,
          ...(authorization !== undefined && { Authorization: authorization }),
        },
        agent: false,
        signal,
        ...(url.protocol === 'https:' && { ...tls, minVersion: 'TLSv1.2' as const }),
      });
      request.end(body);
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      request.on('error', () => undefined);
      const { statusCode = 0 } = answer;
      answer.resume();
      if (statusCode < 200 || statusCode > 299) throw new NotTaken(`the answer was ${statusCode}`);
    },
  };
}
