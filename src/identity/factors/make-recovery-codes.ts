import type { Tx } from '../../kernel/transact.js';
import { People } from '../store.js';
import type { Person, RecoveryCodes } from '../words.js';
import { recoveryCodesMade } from './events.js';
import { hashOfRecoveryCode, newRecoveryCode, RECOVERY_CODES } from './recovery-code.js';

/**
 * Makes ten new recovery codes; those before are void.
 *
 * @returns the codes, to be shown once: only their hashes are kept
 * Audited as `recovery-codes.made`.
 */
export async function makeRecoveryCodes(
  tx: Tx,
  person: Pick<Person, '_id' | 'recovery'>,
): Promise<{ codes: string[]; issuedAt: Date }> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const recovery: RecoveryCodes = { issuedAt: tx.now, hashes: codes.map(hashOfRecoveryCode) };
  await People(tx).updateOne({ _id: person._id }, { $set: { recovery } }, { session: tx.session });
  tx.record(recoveryCodesMade(person._id, codes.length, person.recovery !== undefined));
  return { codes, issuedAt: tx.now };
}
