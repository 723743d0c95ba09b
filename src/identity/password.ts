import { hash, verify } from '@node-rs/argon2';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { identityProblem } from './problems.js';
import { PASSWORD_MIN } from './words.js';

/** argon2id (the library's default) with the least memory and passes OWASP's Password Storage Cheat Sheet allows. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const; // KiB, passes, lanes

/** A hash of random bytes nobody kept, at the same cost: what is checked when there is no person to check against. */
export const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$Ob0/PPagRaZy1pjruNH7wQ$PBLsOmD/9FERxebT0DsxUTjdzKdAYTOezmHm38sn0Ts';

/** One password, one form, whatever keyboard it came from (NIST SP 800-63B-4, 3.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(normal(password), COST);

/** Takes the same time for a person without a password, or no person at all, as for a wrong one. */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? NOBODY, normal(password));
  return matches && passwordHash !== undefined;
}

const LEAST_SCORE = 2; // zxcvbn: 0 and 1 fall to an online attack
const LOOKED_AT = 64; // characters; zxcvbn's time grows faster than the text, and that many are strong by length

/**
 * Refuses passwords that are short, common or made of the person's own address.
 *
 * @throws Problem `password_too_short` with `least` · `password_too_common`
 */
export async function requireGoodPassword(password: string, email: string): Promise<void> {
  if ([...normal(password)].length < PASSWORD_MIN) {
    throw identityProblem('password_too_short', { extra: { least: PASSWORD_MIN } });
  }
  const own = email.split(/[@.+_-]/).filter((part) => part.length > 2);
  const { score } = (await estimator()).check(normal(password).slice(0, LOOKED_AT), ['firebreak', email, ...own]);
  if (score < LEAST_SCORE) throw identityProblem('password_too_common');
}

let loading: Promise<ZxcvbnFactory> | undefined;

/** Some 50,000 common passwords; loaded at the first use, for they cost 20 MB. */
function estimator(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([core, common]) =>
      new core.ZxcvbnFactory({
        dictionary: { common: common.dictionary['passwords-common'] },
        graphs: common.adjacencyGraphs,
      }),
  );
  return loading;
}
