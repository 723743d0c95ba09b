import Joi from 'joi';
import { routeFor } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { KEY_SET_SECONDS, keySetView } from './key-ring.js';

const route = routeFor<IdentityContext>();

const key = Joi.object({
  kty: Joi.string().valid('EC').required().description('Key type'),
  crv: Joi.string().valid('P-256').required().description('Curve'),
  x: Joi.string().required().description('First coordinate, base64url'),
  y: Joi.string().required().description('Second coordinate, base64url'),
  kid: Joi.string().required().description('Name of the key, as in the header of a token'),
  alg: Joi.string().valid('ES256').required().description('Algorithm'),
  use: Joi.string().valid('sig').required().description('Signatures only'),
});

export const keySetRoute = route({
  id: 'readKeySet',
  method: 'get',
  path: '/.well-known/jwks.json',
  tag: 'identity',
  summary: 'The public keys that access tokens verify with (RFC 7517), one that is about to sign included',
  access: 'public',
  reply: Joi.object({ keys: Joi.array().items(key).required().description('The newest first') }),
  handle: async (ctx, { response }) => {
    await ctx.identity.keys.keepFresh();
    response.set('Cache-Control', `public, max-age=${KEY_SET_SECONDS}`);
    return keySetView(ctx.identity.keys.published());
  },
});
