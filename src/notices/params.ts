import Joi from 'joi';

// No free text enters a mail: what the store or an attacker could have filled in is a number, a code, an instant or a
// link that our own side passed. So nothing can be injected into a subject, and no stranger's words go out in our name.

/** Case number as people speak it. */
export const caseNumber = Joi.string()
  .pattern(/^[A-Z0-9]+(-[A-Z0-9]+)*$/)
  .max(40);

/** RFC 3339 instant, UTC. */
export const instant = Joi.string().isoDate();

/** A word of a closed list elsewhere, such as a freeze scope. */
export const code = Joi.string().pattern(/^[a-z][a-z0-9_.-]{0,59}$/);

export const codes = Joi.array().items(code).max(30);

/** The only link a mail may hold. */
export const link = Joi.string()
  .uri({ scheme: ['https', 'http'] })
  .max(2_000);

/** FACTOR_AGE_DAYS of this installation. */
export const days = Joi.number().integer().min(0).max(90);

export const yesOrNo = Joi.boolean();
