import { hashToken, newId, newToken } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { baseUrlOf, type IdentityContext } from './context.js';
import { registrationAsked } from './events.js';
import { requireGoodPassword } from './password.js';
import { findPersonByEmail, Registrations } from './store.js';
import { CONFIRM_LINK_MS, normalEmail, type Registration } from './words.js';

/**
 * Answers a registration the same, in the same time, whether the address is known or not; only its mailbox learns which.
 *
 * @throws Problem `password_too_short` · `password_too_common` · `too_many_requests`
 * Audited as `registration.asked`.
 */
export async function register(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  given: { email: string; password: string; locale: Locale },
): Promise<{ next: 'check-mail' }> {
  const email = normalEmail(given.email);
  await ctx.identity.limits.registerBySource(actor.address ?? 'unknown');
  await ctx.identity.limits.registerByAccount(email, actor.address ?? 'unknown');
  await requireGoodPassword(given.password, email);
  const passwordHash = await ctx.identity.passwords.hash(given.password);
  return act(async (tx) => {
    const known = (await findPersonByEmail(tx, email)) !== null;
    const token = newToken();
    const registration: Registration = {
      _id: newId('reg'),
      email,
      locale: given.locale,
      passwordHash,
      tokenHash: hashToken(token),
      known,
      expiresAt: new Date(tx.now.getTime() + CONFIRM_LINK_MS),
    };
    await Registrations(tx).create([registration], { session: tx.session });
    tx.record(registrationAsked(registration));
    mail(ctx, tx, registration, token);
    return { next: 'check-mail' };
  });
}

/**
 * The link alone opens nothing (confirming takes the password of this registration too), so the outbox may hold it. The
 * token stands behind `#`, where no server and no referrer sees it.
 */
function mail(ctx: IdentityContext, tx: Tx, { known, email, locale, expiresAt }: Registration, token: string): void {
  const link = `${baseUrlOf(ctx)}/confirm-address#${token}`;
  const notice = known
    ? { template: 'address-known', params: { at: tx.now.toISOString() } }
    : { template: 'confirm-address', params: { link, expiresAt: expiresAt.toISOString() } };
  tx.enqueue({ name: 'send-notice', payload: { ...notice, to: email, locale } });
}
