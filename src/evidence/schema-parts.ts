import Joi from 'joi';

export const id = (what: string) =>
  Joi.string()
    .pattern(/^[a-z]{1,20}_[0-9a-z]{24,32}$/)
    .required()
    .description(what);

export const sha256 = () =>
  Joi.string()
    .pattern(/^[0-9a-f]{64}$/)
    .required()
    .description('SHA-256 of the bytes, lower-case hex');

export const hashOrNull = (what: string) =>
  Joi.alternatives(Joi.string().pattern(/^[0-9a-f]{64}$/), Joi.valid(null))
    .required()
    .description(what);

export const orNull = (schema: Joi.Schema, what: string) =>
  Joi.alternatives(schema, Joi.valid(null)).required().description(what);

export const instant = (what: string) => Joi.string().isoDate().required().description(`${what}, ISO 8601 in UTC`);

export const caseParams = Joi.object({ caseId: id('The case') }).description('Which case');
export const evidenceParams = Joi.object({
  caseId: id('The case'),
  evidenceId: id('The piece of evidence'),
}).description('Which piece of evidence');
