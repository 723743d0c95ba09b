import { trusted } from 'mongoose';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { endSessionsOf } from './end-session.js';
import { changeDisowned, linkRefused } from './events.js';
import { DISOWN } from './find-recipient.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { readSecurityChange, type SecurityChange, SecurityChanges } from './security-change.js';
import { readLink } from './signed-link.js';
import { People, readPerson } from './store.js';
import type { Person } from './words.js';

/** What a "this was not me" link speaks of. */
export interface Disowned {
  readonly change: SecurityChange;
  readonly contactPointId: string;
}

/**
 * Reads a "this was not me" link. It stays good when its contact point is marked compromised later: all it can do is
 * restrict, and a thief with the session would mark the owner's mailbox first.
 *
 * @throws Problem `link_refused` (not ours, used, older than a week) · `too_many_requests`
 * A refusal is audited as `link.refused`.
 */
export async function readDisownLink(
  ctx: Pick<IdentityContext, 'db' | 'clock' | 'secrets' | 'identity' | 'transact'>,
  input: Pick<Input, 'actor' | 'act'>,
  token: string,
): Promise<Disowned> {
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  const [id = '', contactPointId = ''] = readLink(ctx.secrets.linkKey, DISOWN, ['change', 'contact'], token) ?? [];
  const change = await readSecurityChange(ctx.db, id);
  if (!change || change.disownedAt || change.linksUntil <= ctx.clock.now())
    return refuse(ctx, input, linkRefused('disown'), identityProblem('link_refused'));
  return { change, contactPointId };
}

/**
 * Takes a change for not the owner's: uses up all links that went out for it, and ends every session of the person, with the
 * tickets that wait for a second factor.
 *
 * @throws Problem `link_refused` (another link of the same change was quicker)
 * Audited as `security-change.disowned`.
 */
export async function disownChange(tx: Tx, { change, contactPointId }: Disowned): Promise<Person> {
  const used = await SecurityChanges(tx).updateOne(
    { _id: change._id, disownedAt: trusted({ $exists: false }) },
    { $set: { disownedAt: tx.now } },
    { session: tx.session },
  );
  const person = await readPerson(tx, change.personId);
  if (used.modifiedCount !== 1 || !person) throw identityProblem('link_refused');
  await People(tx).updateOne({ _id: person._id }, { $inc: { securityVersion: 1 } }, { session: tx.session });
  await endSessionsOf(tx, person._id, 'disowned');
  tx.record(changeDisowned(change, contactPointId));
  return person;
}

/** How often a person's changes were disowned since an instant; links cap each other. */
export const disownedSince = (tx: Tx, personId: string, since: Date): Promise<number> =>
  SecurityChanges(tx).collection.countDocuments({ personId, disownedAt: { $gte: since } }, { session: tx.session });
