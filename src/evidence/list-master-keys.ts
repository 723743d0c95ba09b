import { eventsOfAction } from '../audit/index.js';
import type { EvidenceContext } from './context.js';
import { MASTER_KEY_MADE } from './events.js';
import { keysInUse } from './objects.js';

export interface MasterKeyView {
  id: string;
  /** `active` wraps from now on, `kept` only unwraps, `lost` is not here though data keys are under it. */
  state: 'active' | 'kept' | 'lost';
  /** Where it lies. Undefined for one that is lost. */
  source?: 'own' | 'kms';
  /** Data keys under it. */
  dataKeys: number;
  /** RFC 3339, UTC; undefined where the product did not make it by a rotation. */
  madeAt?: string;
}

/** The master keys of evidence and what hangs on each, the active one first; nothing of the keys themselves. */
export async function listMasterKeys({
  db,
  vault,
  secrets,
  config,
}: Pick<EvidenceContext, 'db' | 'vault' | 'secrets' | 'config'>): Promise<MasterKeyView[]> {
  const active = vault.keys.active();
  const used = await keysInUse(db);
  const madeAt = new Map<string, string>();
  for await (const { target, at } of eventsOfAction(db, MASTER_KEY_MADE)) if (target) madeAt.set(target.id, at);
  const sources = new Map<string, 'own' | 'kms'>([
    ...config.evidence.kmsKeys.map((id): [string, 'kms'] => [id, 'kms']),
    ...secrets.evidenceKeys.all().map(({ id }): [string, 'own'] => [id, 'own']),
  ]);
  return [...new Set([active, ...sources.keys(), ...used.keys()].filter(Boolean))].map((id) => {
    const source = sources.get(id);
    const made = madeAt.get(id);
    return {
      id,
      state: id === active ? 'active' : source ? 'kept' : 'lost',
      ...(source && { source }),
      dataKeys: used.get(id) ?? 0,
      ...(made !== undefined && { madeAt: made }),
    };
  });
}
