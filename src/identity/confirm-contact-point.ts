import { timingSafeEqual } from 'node:crypto';
import { trusted } from 'mongoose';
import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import {
  type ContactConfirmation,
  ContactConfirmations,
  MOST_CODE_FAILURES,
  newestConfirmation,
  phoneCode,
  readConfirmation,
} from './contact-confirmation.js';
import type { IdentityContext } from './context.js';
import { contactPointConfirmed, linkRefused, proofRefused } from './events.js';
import { CONFIRM_CONTACT } from './find-recipient.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { unconfirmed } from './send-confirmation.js';
import { readLink } from './signed-link.js';
import { People, readPerson } from './store.js';
import type { ContactPoint } from './words.js';

/**
 * Confirms an address with the link that was mailed to it; signed in or not, for the mailbox may be open on another device.
 * Whoever added it had to prove themselves; the link shows that the mailbox agrees.
 *
 * @throws Problem `link_refused` (not ours, used, older than a day, or the contact point is gone or compromised) ·
 *         `too_many_requests`
 * Audited as `contact-point.confirmed`; a refusal as `link.refused`. Every other contact point is told.
 */
export async function confirmByLink(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { token }: { token: string },
): Promise<void> {
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  const [id = ''] = readLink(ctx.secrets.linkKey, CONFIRM_CONTACT, ['confirmation'], token) ?? [];
  const confirmation = await readConfirmation(ctx.db, id);
  if (confirmation?.kind !== 'email' || !isOpen(confirmation, ctx.clock.now())) {
    return refuse(ctx, input, linkRefused('confirm-contact'), identityProblem('link_refused'));
  }
  await input.act(async (tx) => {
    await confirm(tx, confirmation);
  });
}

/**
 * Confirms a telephone number with the code that was sent to it. Five wrong codes make it void.
 *
 * @throws Problem `contact_point_not_found` · `contact_point_confirmed` · `contact_point_compromised` · `code_refused` (wrong,
 *         over, or void: have another sent) · `too_many_requests`
 * Audited as `contact-point.confirmed`; a refusal as `proof.refused`. Every other contact point is told.
 */
export async function confirmByCode(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { contactPointId, code }: { contactPointId: string; code: string },
): Promise<ContactPoint> {
  const { actor } = input;
  await ctx.identity.limits.proofs(actor.id, actor);
  return ctx.identity.oneAtATime(`contact ${contactPointId}`, async () => {
    try {
      return await input.act(async (tx) => {
        unconfirmed(await readPerson(tx, actor.id), contactPointId);
        return confirm(tx, await rightCode(tx, ctx, contactPointId, code));
      });
    } catch (error) {
      if (!(error instanceof CodeRefused)) throw error;
      await countGuess(ctx, actor, error);
      throw identityProblem('code_refused');
    }
  });
}

/** Leaves the act's transaction, so that the guess can be counted in one of its own. */
class CodeRefused extends Error {
  readonly confirmation: ContactConfirmation | undefined;

  constructor(confirmation?: ContactConfirmation) {
    super('code refused');
    this.confirmation = confirmation;
  }
}

const isOpen = ({ usedAt, expiresAt, failures }: ContactConfirmation, now: Date): boolean =>
  !usedAt && expiresAt > now && failures < MOST_CODE_FAILURES;

async function rightCode(
  tx: Tx,
  { secrets }: IdentityContext,
  contactPointId: string,
  code: string,
): Promise<ContactConfirmation> {
  const newest = await newestConfirmation(tx, tx.actor.id, contactPointId);
  if (newest?.kind !== 'phone' || !isOpen(newest, tx.now)) throw new CodeRefused();
  const right = Buffer.from(phoneCode(secrets.linkKey, newest._id));
  if (!timingSafeEqual(right, Buffer.from(code))) throw new CodeRefused(newest);
  return newest;
}

async function countGuess({ transact }: IdentityContext, actor: Actor, { confirmation }: CodeRefused): Promise<void> {
  await transact(actor, async (tx) => {
    if (confirmation) {
      const counted = { $inc: { failures: 1 } };
      await ContactConfirmations(tx).updateOne({ _id: confirmation._id }, counted, { session: tx.session });
    }
    const failures = confirmation ? confirmation.failures + 1 : 0;
    tx.record(proofRefused(actor.id, 'confirm-phone', confirmation ? 'wrong' : 'over', failures));
  });
}

async function confirm(tx: Tx, { _id, personId, contactPointId, kind }: ContactConfirmation): Promise<ContactPoint> {
  const refusal = identityProblem(kind === 'email' ? 'link_refused' : 'code_refused');
  const used = await ContactConfirmations(tx).updateOne(
    { _id, usedAt: trusted({ $exists: false }), failures: trusted({ $lt: MOST_CODE_FAILURES }) },
    { $set: { usedAt: tx.now } },
    { session: tx.session },
  );
  const person = await readPerson(tx, personId);
  const point = person?.contactPoints.find(
    ({ _id: id, trust, confirmedAt }) => id === contactPointId && trust === 'normal' && !confirmedAt,
  );
  if (used.modifiedCount !== 1 || !person || !point) throw refusal;
  await People(tx).updateOne(
    { _id: personId, 'contactPoints._id': contactPointId },
    { $set: { 'contactPoints.$.confirmedAt': tx.now } },
    { session: tx.session },
  );
  tx.record(contactPointConfirmed(personId, point));
  notifySecurityChange(tx, person, { kind: 'contact-point-confirmed', contactPointId });
  return { ...point, confirmedAt: tx.now };
}
