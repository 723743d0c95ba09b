import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { canonicalJson } from '../kernel/canonical.js';
import {
  Accumulator,
  BUNDLE_FORMAT,
  checkpointText,
  formatEnd,
  formatEvent,
  formatHeader,
  formatKey,
  formatSignature,
  hashLeaf,
  KEY_TYPES,
  keyOf,
  utf8,
} from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';

const ORIGIN = 'bench.example/audit';

/** The export of a whole log with so many events, as long and as full as real ones, without a store behind it. */
export async function writeLongBundle(file: WriteStream, events: number): Promise<void> {
  const tree = new Accumulator(nodePrimitives);
  for (let n = 0; n < events; n += 1) await tree.append(await hashLeaf(nodePrimitives, utf8(eventOf(n).text)));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const key = await keyOf(nodePrimitives, ORIGIN, KEY_TYPES.ed25519, raw);
  const text = checkpointText({ origin: ORIGIN, size: events, root: await tree.root() });
  const signature = sign(null, Buffer.from(text), privateKey);
  const digest = createHash('sha256');
  const write = async (line: string, hashed = true) => {
    if (hashed) digest.update(line);
    if (!file.write(line)) await once(file, 'drain');
  };
  await write(
    formatHeader({
      format: BUNDLE_FORMAT,
      scope: { kind: 'log' },
      checkpoint: `${text}\n${formatSignature({ name: key.name, id: key.id, signature })}`,
      keys: [formatKey(key)],
      successions: [],
    }),
  );
  for (let n = 0; n < events; n += 1) {
    const { text: event, opening } = eventOf(n);
    await write(formatEvent(event, { index: n, openings: [opening] }));
  }
  await write(formatEnd({ events, digest: digest.digest('base64') }), false);
  file.end();
  await once(file, 'close');
}

function eventOf(n: number) {
  const salt = createHash('sha256').update(`salt ${n}`).digest();
  const value = `203.0.${(n >> 8) & 255}.${n & 255}`;
  const commitment = createHash('sha256').update(salt).update(value).digest('base64');
  const hex = n.toString(16).padStart(24, '0');
  const text = canonicalJson({
    version: 1,
    id: `event_${hex}`,
    at: new Date(1.78e12 + n * 250).toISOString(),
    actor: { kind: 'person', id: `person_${hex}`, roles: ['analyst'] },
    action: 'freeze.confirmed',
    caseId: `case_${hex}`,
    accountId: `U${n}`,
    target: { kind: 'freeze', id: `freeze_${hex}` },
    result: 'done',
    facts: { scopes: ['crypto_withdrawal', 'fiat_withdrawal', 'trading'], generation: n % 7, operation: `op_${hex}` },
    commitments: { sourceAddress: commitment },
    requestId: `request_${hex}`,
  });
  return { text, opening: { field: 'sourceAddress', salt: salt.toString('base64'), value } };
}
