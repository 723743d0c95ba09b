import { newId } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { passwordResetAsked } from './events.js';
import { PasswordResets, RESET_LINK_MS } from './password-reset.js';
import { findPersonByEmail } from './store.js';
import { type ContactPoint, normalEmail, type Person } from './words.js';

/**
 * Answers the same, in the same time, whether the address is known or not; only a mailbox learns which. The link goes to a
 * confirmed and trusted mailbox of the person, or nowhere; and it is half of what a new password takes.
 *
 * @throws Problem `too_many_requests`
 * Audited as `password-reset.asked`.
 */
export async function askPasswordReset(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  given: { email: string; locale: Locale },
): Promise<{ next: 'check-mail' }> {
  const email = normalEmail(given.email);
  await ctx.identity.limits.registerBySource(actor.address ?? 'unknown');
  await ctx.identity.limits.registerByAccount(email, actor.address ?? 'unknown');
  return act(async (tx) => {
    const person = await findPersonByEmail(tx, email);
    const mailbox = person?.passwordHash ? mailboxOf(person, email) : undefined;
    const expiresAt = new Date(tx.now.getTime() + RESET_LINK_MS);
    const reset = {
      _id: newId('reset'),
      ...(person && mailbox && { personId: person._id, securityVersion: person.securityVersion }),
      createdAt: tx.now,
      expiresAt,
    };
    await PasswordResets(tx).create([reset], { session: tx.session });
    tx.record(passwordResetAsked(reset, email));
    const payload =
      person && mailbox
        ? {
            template: 'password-reset',
            to: mailbox.value,
            locale: person.locale,
            params: { expiresAt: expiresAt.toISOString() },
            personId: person._id,
            contactPointId: mailbox._id,
            secret: { kind: 'reset-password', id: reset._id },
          }
        : {
            template: 'password-reset-impossible',
            to: email,
            locale: given.locale,
            params: { at: tx.now.toISOString() },
          };
    tx.enqueue({ name: 'send-notice', payload });
    return { next: 'check-mail' };
  });
}

/** The address they sign in with, or another one that is confirmed and in nobody else's hands. */
function mailboxOf({ contactPoints }: Person, email: string): ContactPoint | undefined {
  const trusted = contactPoints.filter(
    ({ kind, trust, confirmedAt }) => kind === 'email' && trust === 'normal' && confirmedAt,
  );
  return trusted.find(({ value }) => value === email) ?? trusted[0];
}
