import Joi from 'joi';
import { PLACE_KINDS } from './place-of.js';

const instant = Joi.string().isoDate();

const place = (when: string) =>
  Joi.object({
    kind: Joi.string()
      .valid(...PLACE_KINDS)
      .required()
      .description('Which kind of network'),
    network: Joi.string().description('The part of it: the first 24 bits of an IPv4 address, 48 of an IPv6 address'),
  }).description(`Where from ${when}, as far as an address tells without asking anybody`);

const session = Joi.object({
  id: Joi.string().required().description('Id of the session'),
  current: Joi.boolean().required().description('Whether it is the one that asks'),
  device: Joi.object({
    browser: Joi.string().description('Name and version of the browser'),
    system: Joi.string().description('Name and version of the operating system'),
    kind: Joi.string().description('Kind of device'),
  })
    .required()
    .description('What the browser said of itself; nobody has checked it'),
  openedFrom: place('it was opened').required(),
  usedFrom: place('it was used last').required(),
  openedAt: instant.required().description('First use, UTC'),
  usedAt: instant.required().description('Last use, UTC, to within the life of an access token'),
  endsAt: instant.required().description('When it ends by itself, UTC'),
  secondFactor: Joi.boolean().required().description('Whether it passed a second factor'),
});

export const sessionsReply = Joi.object({
  sessions: Joi.array().items(session).required().description('Those that are open, the newest first'),
});

export const sessionParams = Joi.object<{ sessionId: string }>({
  sessionId: Joi.string()
    .pattern(/^[\w-]{1,100}$/)
    .required()
    .description('Id of the session'),
});

export const endSessionsQuery = Joi.object<{ except?: 'current' }>({
  except: Joi.string().valid('current').description('Leaves the session that asks open'),
});
