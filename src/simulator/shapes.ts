import Joi from 'joi';
import { FAILURES } from './failures.js';
import { Refusal } from './refusal.js';
import { CALLS, type OperationKind, SCOPES } from './words.js';

const id = Joi.string().pattern(/^[A-Za-z0-9_-]{1,80}$/);
const text = Joi.string().max(200);
const decimal = Joi.string().pattern(/^\d{1,30}(\.\d{1,18})?$/);
const asset = Joi.string().pattern(/^[A-Z0-9]{2,12}$/);
const amount = Joi.object({ asset: asset.required(), amount: decimal.required() });
const time = Joi.string().isoDate();
const scopes = Joi.array()
  .items(Joi.string().valid(...SCOPES))
  .unique();

const command = Joi.object({ accountId: id.required(), caseNumber: Joi.string().max(40).required() });
const generation = Joi.number().integer().min(1).required();
const kind = (...kinds: OperationKind[]) =>
  Joi.string()
    .valid(...kinds)
    .required();

export const commandShape = Joi.alternatives(
  command.keys({ kind: kind('freeze'), scopes: scopes.min(1).required(), generation }),
  command.keys({ kind: kind('release'), scopes: scopes.required(), generation }),
  command.keys({ kind: kind('revoke_sessions', 'revoke_api_keys', 'cancel_pending_withdrawals') }),
);

export const operationIdShape = id.min(16).required();
export const searchShape = Joi.object({ email: Joi.string().email({ tlds: false }).max(254), uid: id }).xor(
  'email',
  'uid',
);
export const redemptionShape = Joi.object({ code: Joi.string().max(64).required() });

export const messageShape = Joi.object({
  accountId: id.required(),
  texts: Joi.object()
    .pattern(
      Joi.string().valid('zh-CN', 'en'),
      Joi.object({ subject: text.required(), text: Joi.string().max(4000).required() }),
    )
    .min(1)
    .required(),
});

const trade = Joi.object({
  id: id.required(),
  time: time.required(),
  market: text.required(),
  side: Joi.string().valid('buy', 'sell').required(),
  amount: amount.required(),
  price: amount.required(),
});
const withdrawal = Joi.object({
  id: id.required(),
  time: time.required(),
  amount: amount.required(),
  network: text.required(),
  address: text.required(),
  txHash: text.allow(null).default(null),
  status: Joi.string().valid('pending', 'sent').default('pending'),
});
const signIn = Joi.object({
  id: id.required(),
  time: time.required(),
  address: text.required(),
  device: text.required(),
  place: text.allow('').default(''),
  result: Joi.string().valid('succeeded', 'failed').default('succeeded'),
});
const list = (item: Joi.ObjectSchema) => Joi.array().items(item).max(500).default([]);

export const activityShape = Joi.object({ trades: list(trade), withdrawals: list(withdrawal), signIns: list(signIn) });

export const openAccountShape = activityShape.keys({
  accountId: id,
  uid: id,
  email: Joi.string().email({ tlds: false }).max(254).required(),
  balances: list(amount),
  apiKeys: list(Joi.object({ id: id.required(), label: text.required(), createdAt: time.required() })),
  sessions: list(
    Joi.object({ id: id.required(), device: text.required(), address: text.required(), createdAt: time.required() }),
  ),
  withdrawalAddresses: list(
    Joi.object({
      id: id.required(),
      label: text.required(),
      network: text.required(),
      address: text.required(),
      addedAt: time.required(),
    }),
  ),
  /** Fills what is empty with some plausible recent activity. */
  sample: Joi.boolean().default(false),
});

export const linkCodeShape = Joi.object({ minutes: Joi.number().integer().min(0).max(60).default(10) });
export const attemptShape = Joi.object({
  scope: Joi.string()
    .valid(...SCOPES)
    .required(),
});

const failure = Joi.object({
  on: Joi.array()
    .items(Joi.string().valid(...CALLS))
    .min(1),
  times: Joi.number().integer().min(1),
});

export const failuresShape = Joi.object({
  failures: Joi.array()
    .max(20)
    .items(
      failure.keys({ fail: Joi.string().valid('slow').required(), ms: Joi.number().integer().min(0).max(60_000) }),
      failure.keys({ fail: Joi.string().valid('partial').required(), scopes: scopes.min(1).required() }),
      failure.keys({
        fail: Joi.string()
          .valid(...FAILURES)
          .invalid('slow', 'partial')
          .required(),
      }),
    )
    .required(),
});

/** Reads input by its shape. @throws Refusal `invalid_request` with path and rule, never with the input itself */
export function read<T>(shape: Joi.Schema, input: unknown): T {
  const { error, value } = shape.validate(input, { convert: false });
  if (!error) return value as T;
  const [first] = error.details;
  throw new Refusal('invalid_request', `${first?.path.join('.') || 'body'}: ${first?.type ?? 'unknown'}`);
}
