import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

const kept = new Agent({ keepAlive: true });

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * Sends a request over a kept connection and returns the body of the answer. `fetch` takes more of a processor for it, and the
 * processors here are those of the server that is measured.
 * @throws Error with the answer when its status is not of 2xx
 */
export async function call(url: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<string> {
  const json = body && { 'Content-Type': 'application/json' };
  const sent = request(url, { agent: kept, method, headers: { ...headers, ...json } });
  const answered = answerOf(sent);
  sent.end(body && JSON.stringify(body));
  const answer = await answered;
  const said = await text(answer);
  if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299)
    throw new Error(`${method} ${url} was answered ${answer.statusCode} ${said}`);
  return said;
}

/** The head of the answer. */
export const answerOf = (sent: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', resolve);
  });
