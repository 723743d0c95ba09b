import { routeFor } from '../../kernel/route.js';
import { answerByPasskey } from '../answer-reverification.js';
import type { IdentityContext } from '../context.js';
import { deliverSession } from '../deliver-session.js';
import { answerReply, reverificationParams, sessionReply } from '../schema.js';
import { addPasskey } from './add-passkey.js';
import { offerPasskey } from './offer-passkey.js';
import { ownPasskey, removePasskey } from './remove-passkey.js';
import {
  addBody,
  addReply,
  offerBody,
  offerReply,
  passkeyAnswerBody,
  passkeyParams,
  passkeySignInBody,
  signInOfferReply,
} from './schema.js';
import { offerPasskeySignIn, signInWithPasskey } from './sign-in-with-passkey.js';

const route = routeFor<IdentityContext>();

export const offerPasskeyRoute = route({
  id: 'offerPasskey',
  method: 'post',
  path: '/api/me/passkey-options',
  tag: 'identity',
  summary: 'Ask for what a new passkey is made with; the first second factor takes the password again',
  access: 'first-factor',
  body: offerBody,
  reply: offerReply,
  errors: ['password_refused', 'sign_in_again', 'person_not_found', 'passkeys_unavailable', 'too_many_requests'],
  handle: (ctx, input) => offerPasskey(ctx, input, input.body),
});

export const addPasskeyRoute = route({
  id: 'addPasskey',
  method: 'post',
  path: '/api/me/passkeys',
  tag: 'identity',
  summary: 'Take a new passkey into use; whoever has a second factor re-verifies',
  access: 'first-factor',
  stepUp: {
    optional: true, // for those without a second factor, who have shown the password instead
    confirms: () => ({ 'zh-CN': '为您的账号添加一个新的通行密钥', en: 'add a new passkey to your sign-in' }),
  },
  idempotent: true,
  body: addBody,
  status: 201,
  reply: addReply,
  errors: ['passkey_refused', 'passkey_known', 'too_many_passkeys', 'passkeys_unavailable', 'person_not_found'],
  handle: (ctx, input) => addPasskey(ctx, input, input.body),
});

export const removePasskeyRoute = route({
  id: 'removePasskey',
  method: 'delete',
  path: '/api/me/passkeys/:passkeyId',
  tag: 'identity',
  summary: 'Take a passkey away; staff keep at least one second factor',
  access: 'signed-in',
  stepUp: {
    subject: async (ctx, { params, actor }) => {
      const { passkey } = await ownPasskey(ctx.db, actor.id, params.passkeyId);
      return { about: passkey.name };
    },
    confirms: ({ about }) => ({
      'zh-CN': `移除您的通行密钥「${about}」`,
      en: `remove your passkey “${about}”`,
    }),
  },
  params: passkeyParams,
  errors: ['passkey_not_found', 'last_second_factor', 'younger_factor'],
  handle: (ctx, { params, act }) => act((tx, proof) => removePasskey(tx, ctx, params.passkeyId, proof)),
});

export const offerPasskeySignInRoute = route({
  id: 'offerPasskeySignIn',
  method: 'post',
  path: '/api/sessions/passkey/options',
  tag: 'identity',
  summary: 'Ask for what a passkey signs to sign in; names nobody',
  access: 'public',
  reply: signInOfferReply,
  errors: ['passkeys_unavailable', 'too_many_requests'],
  handle: (ctx, input) => offerPasskeySignIn(ctx, input),
});

export const passkeySignInRoute = route({
  id: 'signInWithPasskey',
  method: 'post',
  path: '/api/sessions/passkey',
  tag: 'identity',
  summary: 'Sign in with a passkey alone: it is both factors at once',
  access: 'public',
  idempotent: true,
  body: passkeySignInBody,
  reply: sessionReply,
  errors: ['passkey_refused', 'ticket_refused', 'passkeys_unavailable', 'too_many_requests'],
  handle: (ctx, input) => deliverSession(ctx, input, () => signInWithPasskey(ctx, input, input.body)),
});

export const answerByPasskeyRoute = route({
  id: 'answerReverificationByPasskey',
  method: 'post',
  path: '/api/reverifications/:reverificationId/passkey-answers',
  tag: 'identity',
  summary: 'Answer with a passkey, which signs this very re-verification',
  access: 'signed-in',
  idempotent: true,
  params: reverificationParams,
  body: passkeyAnswerBody,
  reply: answerReply,
  errors: ['reverification_not_found', 'passkey_refused', 'passkeys_unavailable', 'too_many_requests'],
  handle: (ctx, input) => answerByPasskey(ctx, input, { ...input.params, ...input.body }),
});
