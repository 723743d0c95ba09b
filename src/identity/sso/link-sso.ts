import { trusted } from 'mongoose';
import { hasStaffRole } from '../../access/index.js';
import { newId } from '../../kernel/ids.js';
import { isDuplicate } from '../../kernel/mongo.js';
import type { Tx } from '../../kernel/transact.js';
import { setupFinished, ssoLinked, ssoUnlinked } from '../events.js';
import { factorChanged } from '../factors/factor-changed.js';
import { identityProblem } from '../problems.js';
import type { SecurityChangeKind } from '../security-change.js';
import { People, readPerson } from '../store.js';
import type { Person } from '../words.js';
import { askedAnew } from './asked-anew.js';
import type { SsoClaims } from './client.js';
import { findSsoLink, listSsoLinks, type SsoFlow, type SsoLink, SsoLinks } from './words.js';

/**
 * Makes somebody at a provider one and the same as a person here. The caller has proved the person: signed in and re-verified
 * when the flow began, and come back in the same session; or by an invitation.
 *
 * @throws Problem `sso_linked` (either of them is linked already) · `sso_not_for_you` (the other provider is yours)
 * Audited as `sso.linked`. Every other session ends, and every contact point is told.
 */
async function linkSso(
  tx: Tx,
  personId: string,
  { provider }: Pick<SsoFlow, 'provider'>,
  { issuer, subject }: SsoClaims,
): Promise<SsoLink> {
  const person = await readPerson(tx, personId);
  if (!person || !isFor(person, provider)) throw identityProblem('sso_not_for_you');
  if (await findSsoLink(tx, issuer, subject)) throw identityProblem('sso_linked');
  const link: SsoLink = { _id: newId('sso'), personId, provider, issuer, subject, linkedAt: tx.now };
  await SsoLinks(tx)
    .create([link], { session: tx.session })
    .catch((error: unknown) => {
      throw isDuplicate(error) ? identityProblem('sso_linked') : error;
    });
  await signInChanged(tx, person, 'sign-in-method-linked');
  tx.record(ssoLinked(link));
  return link;
}

/**
 * Links whoever set out to, signed in, and was asked anew by the provider: else whoever is signed in there on this machine
 * would be linked in passing.
 *
 * @throws Problem `sso_refused` (the provider did not ask) · what `linkSso` throws
 * Audited as `sso.linked`.
 */
export async function linkOwnSso(tx: Tx, flow: SsoFlow, claims: SsoClaims): Promise<SsoLink> {
  if (!askedAnew(flow, claims)) throw identityProblem('sso_refused');
  return linkSso(tx, tx.actor.id, flow, claims);
}

/** A provider's word is a factor: tickets that wait are void, and sessions opened with the ways of before end. */
async function signInChanged(tx: Tx, person: Person, kind: SecurityChangeKind): Promise<void> {
  await People(tx).updateOne({ _id: person._id }, { $inc: { securityVersion: 1 } }, { session: tx.session });
  await factorChanged(tx, person, { kind, passed: false });
}

/** Staff come through the provider of staff, everybody else through that of customers. */
export const isFor = ({ roles }: Person, provider: SsoFlow['provider']): boolean =>
  hasStaffRole(roles) === (provider === 'staff');

/**
 * Finishes an invitation without a password: whoever holds its one-time link is from now on whom the provider says.
 *
 * @throws Problem `link_refused` (unknown, used, older than 24 h, or not a first set-up) · what `linkSso` throws
 * Audited as `person.set-up` and `sso.linked`.
 */
export async function acceptInvitation(tx: Tx, flow: SsoFlow, claims: SsoClaims): Promise<void> {
  const taken = await People(tx)
    .findOneAndUpdate(
      {
        'setup.tokenHash': flow.setupHash ?? '',
        'setup.expiresAt': trusted({ $gt: tx.now }),
        passwordHash: trusted({ $exists: false }),
      },
      { $unset: { setup: 1 }, $inc: { securityVersion: 1 } },
      { session: tx.session },
    )
    .lean<Person>()
    .exec();
  if (!taken) throw identityProblem('link_refused');
  tx.record(setupFinished(taken._id));
  const link = await findSsoLink(tx, claims.issuer, claims.subject);
  if (link?.personId === taken._id) return; // invited again, and linked since the first time
  await linkSso(tx, taken._id, flow, claims);
}

/**
 * Ends a link of whoever asks.
 *
 * @throws Problem `sso_link_not_found` · `last_sign_in_method` (there is no password to sign in with)
 * Audited as `sso.unlinked`. Every other session ends, and every contact point is told.
 */
export async function unlinkSso(tx: Tx, linkId: string): Promise<void> {
  const links = await listSsoLinks(tx, tx.actor.id);
  const link = links.find(({ _id }) => _id === linkId);
  const person = await readPerson(tx, tx.actor.id);
  if (!link || !person) throw identityProblem('sso_link_not_found');
  if (person.passwordHash === undefined && links.length === 1) throw identityProblem('last_sign_in_method');
  await SsoLinks(tx).deleteOne({ _id: linkId }, { session: tx.session });
  await signInChanged(tx, person, 'sign-in-method-unlinked');
  tx.record(ssoUnlinked(link));
}
