import Joi from 'joi';
import { hashToken } from '../../kernel/ids.js';
import { routeFor } from '../../kernel/route.js';
import { checkPassword } from '../check-password.js';
import type { IdentityContext } from '../context.js';
import { deliverSession } from '../deliver-session.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { identityProblem } from '../problems.js';
import { readPerson } from '../store.js';
import { NEXT_STEPS, REFRESH_IN } from '../view.js';
import { PASSWORD_MAX, PROOF_METHODS } from '../words.js';
import { type BroughtBack, finishSso } from './finish-sso.js';
import { unlinkSso } from './link-sso.js';
import { startSso } from './start-sso.js';
import { linkView } from './view.js';
import { listSsoLinks, SSO_PROVIDERS, type SsoFlow, type SsoProvider } from './words.js';

const route = routeFor<IdentityContext>();
const START_ERRORS = ['sso_unknown', 'sso_unavailable', 'too_many_requests'] as const;

const instant = Joi.string().isoDate();
const id = Joi.string().pattern(/^[\w-]{1,100}$/);
const provider = Joi.string()
  .valid(...SSO_PROVIDERS)
  .description('Whose provider');
const providerParams = Joi.object<{ provider: SsoProvider }>({ provider: provider.required() });
const refreshIn = Joi.string()
  .valid(...REFRESH_IN)
  .default('cookie')
  .description('Where the refresh token goes: a cookie that scripts cannot read, or the body');
const startReply = Joi.object({
  url: Joi.string().uri().required().description('Where to send the browser; it comes back to /sso/callback'),
});
const link = Joi.object({
  id: Joi.string().required().description('Id of the link'),
  provider: provider.required(),
  issuer: Joi.string().required().description('The provider’s own name'),
  linkedAt: instant.required().description('UTC'),
  usedAt: instant.description('When it was last signed in with, UTC'),
});

export const listProvidersRoute = route({
  id: 'listSsoProviders',
  method: 'get',
  path: '/api/sso',
  tag: 'identity',
  summary: 'Which providers of single sign-on are configured',
  access: 'public',
  reply: Joi.object({
    providers: Joi.array().items(provider).required().description('None: there is no single sign-on'),
  }),
  handle: async (ctx) => ({ providers: ctx.identity.sso.providers }),
});

export const startSsoSignInRoute = route({
  id: 'startSsoSignIn',
  method: 'post',
  path: '/api/sso/:provider/sign-ins',
  tag: 'identity',
  summary: 'Set out to sign in through a provider',
  access: 'public',
  idempotent: true,
  params: providerParams,
  body: Joi.object<{ refreshIn: SsoFlow['refreshIn'] }>({ refreshIn }),
  reply: startReply,
  errors: START_ERRORS,
  handle: (ctx, input) => startSso(ctx, input, { ...input.params, ...input.body, purpose: 'sign-in' }),
});

export const startSsoInvitationRoute = route({
  id: 'startSsoInvitation',
  method: 'post',
  path: '/api/sso/:provider/invitations',
  tag: 'identity',
  summary: 'Set out to finish an invitation through a provider, in place of a password',
  access: 'public',
  idempotent: true,
  params: providerParams,
  body: Joi.object<{ token: string; refreshIn: SsoFlow['refreshIn'] }>({
    token: Joi.string()
      .pattern(/^[\w-]{43}$/)
      .required()
      .description('What stands behind # in the set-up link'),
    refreshIn,
  }),
  reply: startReply,
  errors: START_ERRORS,
  handle: (ctx, input) => {
    const { token, ...given } = input.body;
    return startSso(ctx, input, { ...input.params, ...given, purpose: 'invitation', setupHash: hashToken(token) });
  },
});

export const startSsoLinkRoute = route({
  id: 'startSsoLink',
  method: 'post',
  path: '/api/me/sso-providers/:provider/links',
  tag: 'identity',
  summary: 'Set out to link oneself at a provider; re-verified, or with the password where there is no second factor',
  access: 'signed-in',
  stepUp: {
    optional: true, // for those without a second factor, who give the password again
    confirms: () => ({
      'zh-CN': '将您在单点登录服务中的账户关联到这里，以后可以用它登录',
      en: 'link your account at the single sign-on provider, to sign in with it from now on',
    }),
  },
  idempotent: true,
  params: providerParams,
  body: Joi.object<{ password?: string }>({
    password: Joi.string().min(1).max(PASSWORD_MAX).description('Where there is no second factor'),
  }),
  reply: startReply,
  errors: ['step_up_required', 'password_refused', 'sign_in_again', 'person_not_found', ...START_ERRORS],
  handle: async (ctx, input) => {
    const person = await readPerson(ctx.db, input.actor.id);
    if (!person) throw identityProblem('person_not_found');
    if (hasSecondFactor(person) && !input.reverified) throw ctx.stepUp.demand();
    if (!hasSecondFactor(person)) await checkPassword(ctx, input, input.body.password ?? '', 'link-sso');
    return startSso(ctx, input, { ...input.params, purpose: 'link', refreshIn: 'cookie' });
  },
});

export const startSsoReverificationRoute = route({
  id: 'startSsoReverification',
  method: 'post',
  path: '/api/reverifications/:reverificationId/sso/:provider',
  tag: 'identity',
  summary: 'Set out to answer a challenge through a provider that asks for two factors anew',
  access: 'signed-in',
  idempotent: true,
  params: Joi.object<{ reverificationId: string; provider: SsoProvider }>({
    reverificationId: id.required().description('Id of the challenge'),
    provider: provider.required(),
  }),
  reply: startReply,
  errors: START_ERRORS,
  handle: (ctx, input) => startSso(ctx, input, { ...input.params, purpose: 'reverify', refreshIn: 'cookie' }),
});

export const finishSsoRoute = route({
  id: 'finishSso',
  method: 'post',
  path: '/api/sso/callbacks',
  tag: 'identity',
  summary: 'Come back from a provider, in the browser that set out',
  access: 'public',
  idempotent: true,
  body: Joi.object<BroughtBack>({
    state: Joi.string()
      .pattern(/^[\w-]{43}$/)
      .required()
      .description('From the query of /sso/callback, as the rest'),
    code: Joi.string().max(4_096).description('The provider’s code'),
    error: Joi.string().max(200).description('Why there is none'),
    iss: Joi.string().max(500).description('Which provider answers (RFC 9207)'),
  }),
  reply: Joi.object({
    result: Joi.string().valid('session', 'linked', 'reverified').required().description('What it set out for'),
    next: Joi.string()
      .valid(...NEXT_STEPS)
      .description('As in the answer to a sign-in'),
    expiresAt: instant.description('When the access token, the ticket, or the re-verification ends; UTC'),
    accessToken: Joi.string().description('Bearer token for the API'),
    methods: Joi.array()
      .items(Joi.string().valid(...PROOF_METHODS))
      .description('What the second step can be done with'),
    sessionId: Joi.string().description('Id of the session'),
    refreshToken: Joi.string().description('Only when it was asked for in the body'),
    ticket: Joi.string().description('For the second step'),
    token: Joi.string().description('For the Reverification header of the act'),
    link: link.description('What is linked now'),
  }),
  errors: [
    'sso_refused',
    'sso_not_linked',
    'sso_linked',
    'sso_not_for_you',
    'sso_too_weak',
    'sso_unknown',
    'sso_unavailable',
    'link_refused',
    'origin_refused',
    'reverification_not_found',
    'ticket_refused',
    'too_many_requests',
  ],
  handle: (ctx, input) => deliverSession(ctx, input, () => finishSso(ctx, input, input.body)),
});

export const listSsoLinksRoute = route({
  id: 'listSsoLinks',
  method: 'get',
  path: '/api/me/sso-links',
  tag: 'identity',
  summary: 'Where whoever asks is linked',
  access: 'signed-in',
  reply: Joi.object({ links: Joi.array().items(link).required().description('The oldest first') }),
  handle: async (_ctx, { db, actor }) => ({ links: (await listSsoLinks(db, actor.id)).map(linkView) }),
});

export const unlinkSsoRoute = route({
  id: 'unlinkSso',
  method: 'delete',
  path: '/api/me/sso-links/:linkId',
  tag: 'identity',
  summary: 'End a link to a provider; whoever has a second factor re-verifies',
  access: 'signed-in',
  stepUp: {
    optional: true, // for those without a second factor; the password remains
    confirms: () => ({
      'zh-CN': '解除与单点登录服务的关联，以后不能再用它登录',
      en: 'end the link to the single sign-on provider, so that it signs you in no more',
    }),
  },
  params: Joi.object<{ linkId: string }>({ linkId: id.required().description('Id of the link') }),
  errors: ['step_up_required', 'sso_link_not_found', 'last_sign_in_method', 'person_not_found'],
  handle: async (ctx, { db, actor, params, act, reverified }) => {
    const person = await readPerson(db, actor.id);
    if (!person) throw identityProblem('person_not_found');
    if (hasSecondFactor(person) && !reverified) throw ctx.stepUp.demand();
    await act((tx) => unlinkSso(tx, params.linkId));
  },
});
