import Joi from 'joi';
import { REMEDY_KINDS, SCOPES } from './words.js';

// What the exchange may answer. Fields it adds later are dropped, not refused; a field that does not fit refuses the
// whole answer. Every text and list has an end.

const id = Joi.string().pattern(/^[A-Za-z0-9_-]{1,120}$/);
const text = Joi.string().max(500).allow('');
const time = Joi.string().isoDate();
const amount = Joi.object({
  asset: Joi.string()
    .pattern(/^[A-Z0-9]{2,12}$/)
    .required(),
  amount: Joi.string()
    .pattern(/^\d{1,30}(\.\d{1,18})?$/)
    .required(),
});
const list = (item: Joi.Schema) => Joi.array().items(item).max(500).required();

export const accountRefShape = Joi.object({ accountId: id.required(), uid: id.required() });

// The signature covers every member, so members added later are kept, as long as they are small and plain.
export const receiptShape = Joi.object({
  receiptId: id.required(),
  operationId: id.required(),
  kind: Joi.string()
    .valid('freeze', 'release', ...REMEDY_KINDS)
    .required(),
  accountId: id.required(),
  caseNumber: Joi.string().max(40).required(),
  generation: Joi.number().integer().min(0).required(),
  applied: list(id),
  missing: list(id),
  confirmedAt: time.required(),
  keyId: id.required(),
  signature: Joi.string()
    .pattern(/^[A-Za-z0-9_-]{86}$/)
    .required(),
})
  .pattern(/^[A-Za-z]\w{0,40}$/, Joi.alternatives(text, Joi.number(), Joi.boolean(), null))
  .max(40);

export const operationShape = Joi.object({
  operationId: id.required(),
  state: Joi.string().valid('confirmed', 'partial').required(),
  receipt: receiptShape.required(),
});

export const receiptKeyShape = Joi.object({
  keyId: id.required(),
  publicKey: Joi.string().base64().max(200).required(),
  introduction: Joi.string().base64().max(100).required(),
});

export const problemShape = Joi.object({
  code: Joi.string()
    .pattern(/^[a-z][a-z0-9_]{1,60}$/)
    .required(),
});

export const activityShape = Joi.object({
  trades: list(
    Joi.object({
      id: id.required(),
      time: time.required(),
      market: text.required(),
      side: Joi.string().valid('buy', 'sell').required(),
      amount: amount.required(),
      price: amount.required(),
    }),
  ),
  withdrawals: list(
    Joi.object({
      id: id.required(),
      time: time.required(),
      amount: amount.required(),
      network: text.required(),
      address: text.required(),
      txHash: text.allow(null).required(),
      status: Joi.string().valid('pending', 'held', 'sent', 'cancelled').required(),
    }),
  ),
  signIns: list(
    Joi.object({
      id: id.required(),
      time: time.required(),
      address: text.required(),
      device: text.required(),
      place: text.required(),
      result: Joi.string().valid('succeeded', 'failed').required(),
    }),
  ),
});

export const accountStateShape = Joi.object({
  accountId: id.required(),
  uid: id.required(),
  generation: Joi.number().integer().min(0).required(),
  balances: list(amount),
  scopes: list(
    Joi.object({
      scope: Joi.string()
        .valid(...SCOPES)
        .required(),
      frozen: Joi.boolean().required(),
    }),
  ),
  apiKeys: list(
    Joi.object({ id: id.required(), label: text.required(), createdAt: time, revokedAt: time.allow(null).required() }),
  ),
  withdrawalAddresses: list(
    Joi.object({
      id: id.required(),
      label: text.required(),
      network: text.required(),
      address: text.required(),
      addedAt: time.required(),
    }),
  ).optional(),
  sessions: list(
    Joi.object({
      id: id.required(),
      device: text.required(),
      address: text.required(),
      createdAt: time,
      revokedAt: time.allow(null).required(),
    }),
  ),
});

/** The answer as its shape says, or undefined when it does not fit. */
export function readReply<T>(shape: Joi.ObjectSchema, reply: unknown): T | undefined {
  const { error, value } = shape.validate(reply, { stripUnknown: true, convert: false });
  return error ? undefined : (value as T);
}
