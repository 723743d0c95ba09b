import { formatSignature, parseKey, parseNote, parseSignature, toBase64, verifyNote } from '../../proof/index.js';
import { nodePrimitives } from '../../proof/node.js';
import { OUTLET_TIMEOUT_MS, type Outgoing, type Outlet, OutletRefused } from './outlet.js';

/** Characters of an answer that is looked at. */
const LONGEST_ANSWER = 16_384;
const SIZE_TYPE = /^text\/x\.tlog\.size\b/;

/** Its name in the store, by the name of its key. */
export const witnessId = (name: string): string => `witness ${name}`;

/**
 * Asks a witness for its signature on each checkpoint (c2sp.org/tlog-witness).
 *
 * @param key  its public key, of type 0x04
 * @param url  its submission prefix
 */
export function tlogWitness(key: string, url: string): Outlet {
  let last = 0; // what we believe that it saw; it says so when we are wrong
  return {
    id: witnessId(key.split('+')[0] ?? ''),
    publish: async (checkpoint) => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask(url, checkpoint, Math.min(last, checkpoint.size));
        const text = (await answer.text()).slice(0, LONGEST_ANSWER);
        const seen =
          answer.status === 409 && SIZE_TYPE.test(answer.headers.get('content-type') ?? '') ? size(text) : undefined;
        if (seen !== undefined && attempt === 1) {
          if (seen > checkpoint.size)
            throw new OutletRefused(`it has signed ${seen} events, the log has ${checkpoint.size}`);
          last = seen;
          continue;
        }
        if (answer.status === 409 || answer.status === 422)
          throw new OutletRefused('the log does not continue what it has signed');
        if (answer.status !== 200) throw new Error(`the witness answered ${answer.status}`);
        last = checkpoint.size;
        return cosignatures(key, checkpoint.note, text);
      }
    },
  };
}

async function ask(url: string, checkpoint: Outgoing, old: number): Promise<Response> {
  const proof = old === 0 ? [] : await checkpoint.consistencyFrom(old);
  return fetch(`${url.replace(/\/+$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint.note}`,
    redirect: 'error',
    signal: AbortSignal.timeout(OUTLET_TIMEOUT_MS),
  });
}

const size = (text: string): number | undefined => (/^\d{1,15}\n$/.test(text) ? Number(text) : undefined);

/** The signatures of the key that we know; what others added is ignored. @throws Fault when there is none that holds */
async function cosignatures(key: string, note: string, answer: string): Promise<string[]> {
  const known = await parseKey(nodePrimitives, key);
  const lines = answer.split('\n').filter((line) => line !== '');
  const own = lines.map(parseSignature).filter(({ name }) => name === known.name);
  await verifyNote(nodePrimitives, { text: parseNote(note).text, signatures: own }, [known]);
  return own.map(formatSignature);
}
