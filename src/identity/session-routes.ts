import { routeFor } from '../kernel/route.js';
import { confirmAddress } from './confirm-address.js';
import type { IdentityContext } from './context.js';
import { clearRefreshCookie } from './cookie.js';
import { deliverSession, keepSession } from './deliver-session.js';
import { endOwnSession, endOwnSessions } from './end-own-sessions.js';
import { endSession } from './end-session.js';
import { finishSetup } from './finish-setup.js';
import { listSessions } from './list-sessions.js';
import { identityProblem } from './problems.js';
import { cookieOfOurPage, refreshSession } from './refresh-session.js';
import { register } from './register.js';
import {
  confirmationBody,
  refreshBody,
  registrationBody,
  registrationReply,
  secondFactorBody,
  sessionReply,
  setupBody,
  signInBody,
} from './schema.js';
import { passSecondFactor } from './second-factor.js';
import { endSessionsQuery, sessionParams, sessionsReply } from './session-schema.js';
import { signIn } from './sign-in.js';

const route = routeFor<IdentityContext>();

export const registerRoute = route({
  id: 'register',
  method: 'post',
  path: '/api/registrations',
  tag: 'identity',
  summary: 'Ask to become a customer; a mail says how to go on',
  access: 'public',
  idempotent: true,
  body: registrationBody,
  status: 202,
  reply: registrationReply,
  errors: ['password_too_short', 'password_too_common', 'too_many_requests'],
  handle: (ctx, input) => register(ctx, input, input.body),
});

export const confirmAddressRoute = route({
  id: 'confirmAddress',
  method: 'post',
  path: '/api/registrations/confirmations',
  tag: 'identity',
  summary: 'Confirm the address with the link and the password of the registration',
  access: 'public',
  idempotent: true,
  body: confirmationBody,
  errors: ['link_refused', 'too_many_requests'],
  handle: (ctx, input) => confirmAddress(ctx, input, input.body),
});

export const finishSetupRoute = route({
  id: 'finishSetup',
  method: 'post',
  path: '/api/setup',
  tag: 'identity',
  summary: 'Set the first password with a one-time set-up link',
  access: 'public',
  idempotent: true,
  body: setupBody,
  errors: ['link_refused', 'password_too_short', 'password_too_common', 'too_many_requests'],
  handle: (ctx, input) => finishSetup(ctx, input, input.body),
});

export const signInRoute = route({
  id: 'signIn',
  method: 'post',
  path: '/api/sessions',
  tag: 'identity',
  summary: 'Sign in with e-mail and password',
  access: 'public',
  givesWay: true,
  idempotent: true,
  body: signInBody,
  reply: sessionReply,
  errors: ['credentials_refused', 'ticket_refused', 'too_many_requests'],
  handle: (ctx, input) => deliverSession(ctx, input, () => signIn(ctx, input, input.body)),
});

export const secondFactorRoute = route({
  id: 'passSecondFactor',
  method: 'post',
  path: '/api/sessions/second-factor',
  tag: 'identity',
  summary: 'Finish signing in with a code of the authenticator',
  access: 'public',
  idempotent: true,
  body: secondFactorBody,
  reply: sessionReply,
  errors: ['ticket_refused', 'code_refused', 'factor_locked', 'second_factor_required', 'too_many_requests'],
  handle: (ctx, input) => deliverSession(ctx, input, () => passSecondFactor(ctx, input, input.body)),
});

/** No Idempotency-Key: a repeated refresh is what reuse looks like, and the lost answer has its own exception. */
export const refreshRoute = route({
  id: 'refreshSession',
  method: 'post',
  path: '/api/sessions/refresh',
  tag: 'identity',
  summary: 'Trade the refresh token for a new access token and the next refresh token',
  access: 'public',
  body: refreshBody,
  reply: sessionReply,
  errors: ['refresh_refused', 'origin_refused', 'too_many_requests'],
  handle: async (ctx, input) => {
    const { refreshToken } = input.body;
    const token = refreshToken ?? (await cookieOfOurPage(ctx, input));
    if (token === undefined) throw identityProblem('refresh_refused');
    const refreshIn = refreshToken === undefined ? 'cookie' : 'body';
    return deliverSession(ctx, input, async () =>
      keepSession(await refreshSession(ctx, input.actor, token), refreshIn),
    );
  },
});

export const signOutRoute = route({
  id: 'signOut',
  method: 'delete',
  path: '/api/sessions/current',
  tag: 'identity',
  summary: 'End this session',
  access: 'first-factor',
  handle: async (ctx, { actor, act, response }) => {
    await act((tx) => endSession(tx, { _id: actor.sessionId ?? '', personId: actor.id }, 'signed-out'));
    clearRefreshCookie(ctx, response);
  },
});

export const listSessionsRoute = route({
  id: 'listSessions',
  method: 'get',
  path: '/api/me/sessions',
  tag: 'identity',
  summary: 'The open sessions of whoever asks: device, place of the address, first and last use',
  access: 'signed-in',
  reply: sessionsReply,
  handle: (ctx, { db, actor }) => listSessions(db, actor, ctx.clock.now()),
});

export const endSessionRoute = route({
  id: 'endSession',
  method: 'delete',
  path: '/api/me/sessions/:sessionId',
  tag: 'identity',
  summary: 'End one of the own sessions; its access tokens are refused from then on',
  access: 'signed-in',
  params: sessionParams,
  errors: ['session_not_found'],
  handle: (_ctx, { params, act }) => act((tx) => endOwnSession(tx, params.sessionId)),
});

export const endSessionsRoute = route({
  id: 'endSessions',
  method: 'delete',
  path: '/api/me/sessions',
  tag: 'identity',
  summary: 'End all of the own sessions, or all but this one',
  access: 'signed-in',
  query: endSessionsQuery,
  handle: async (ctx, { actor, query, act, response }) => {
    await act((tx) => endOwnSessions(tx, query.except && actor.sessionId));
    if (!query.except) clearRefreshCookie(ctx, response);
  },
});
