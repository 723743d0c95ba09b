import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { makeFewAtATime } from './few-at-a-time.js';
import { hashAside } from './hashing.js';
import { identityProblem } from './problems.js';
import { PASSWORD_MIN } from './words.js';

/** argon2id (the library's default). Measured: docs/decisions/0008; not less than OWASP's Password Storage Cheat Sheet asks. */
export const COST = { memoryCost: 32_768, timeCost: 2, parallelism: 1 } as const;

/** A hash of random bytes nobody kept, at the same cost: what is checked when there is no person to check against. */
export const NOBODY =
  '$argon2id$v=19$m=32768,t=2,p=1$p3zYVrp3ZYqSlZx1CYweNg$66niWGNogL+lFEYLj4/CbqA2EgFhEoASLASF97vKwAA';

const AT_ONCE = 1; // one core's worth: the others stay with the requests that wait for no password
const MOST_WAITING = 256; // some five seconds of work

/** One password, one form, whatever keyboard it came from (NIST SP 800-63B-4, 3.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

/** The hashing of passwords, a bounded number at a time. Everything here throws Problem `unavailable` when too many wait. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time for a person without a password, or no person at all, as for a wrong one. */
  matches(passwordHash: string | undefined, password: string): Promise<boolean>;
  /** How many hashes this process has computed, for a hash or a comparison alike. */
  readonly computed: number;
}

export function makePasswords(): Passwords {
  const fewAtATime = makeFewAtATime(AT_ONCE, MOST_WAITING);
  let computed = 0;
  const compute = <T>(work: () => Promise<T>): Promise<T> =>
    fewAtATime(() => {
      computed += 1;
      return work();
    });
  return {
    hash: (password) => compute(async () => String(await hashAside({ password: normal(password), cost: COST }))),
    matches: async (passwordHash, password) => {
      const work = { password: normal(password), cost: COST, against: passwordHash ?? NOBODY };
      const matches = await compute(() => hashAside(work));
      return matches === true && passwordHash !== undefined;
    },
    get computed() {
      return computed;
    },
  };
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
