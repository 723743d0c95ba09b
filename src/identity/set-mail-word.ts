import type { Input } from '../kernel/route.js';
import { checkPassword } from './check-password.js';
import type { IdentityContext } from './context.js';
import { mailWordChanged } from './events.js';
import { hasSecondFactor } from './has-second-factor.js';
import { readMailWord, sealMailWord } from './mail-word.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';

/**
 * Sets the word that every mail to this person shows, so that they know ours from a forgery. Nobody is ever shown it again
 * but the reader of the mails: a page that showed it would tell a thief with the session.
 *
 * @throws Problem `step_up_required` · `password_refused` (asked of those without a second factor) · `mail_word_refused`
 * Audited as `mail-word.changed`. Every contact point is told, in mails that show the new word.
 */
export async function setMailWord(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'reverified'>,
  given: { word: string; password?: string | undefined },
): Promise<{ setAt: string }> {
  const { actor, act, reverified } = input;
  const word = readMailWord(given.word);
  if (word === undefined) throw identityProblem('mail_word_refused');
  const person = await readPerson(ctx.db, actor.id);
  if (!person) throw identityProblem('person_not_found');
  if (hasSecondFactor(person) && !reverified) throw ctx.stepUp.demand();
  if (!hasSecondFactor(person)) await checkPassword(ctx, input, given.password ?? '', 'set-mail-word');
  const sealed = sealMailWord(ctx.secrets.linkKey, actor.id, word);
  return act(async (tx) => {
    const mailWord = { sealed, setAt: tx.now };
    await People(tx).updateOne({ _id: actor.id }, { $set: { mailWord } }, { session: tx.session });
    tx.record(mailWordChanged(actor.id, true));
    notifySecurityChange(tx, person, { kind: 'mail-word-changed' });
    return { setAt: tx.now.toISOString() };
  });
}
