import { routeFor } from '../kernel/route.js';
import { addContactPoint } from './add-contact-point.js';
import { confirmByCode, confirmByLink } from './confirm-contact-point.js';
import {
  contactCodeBody,
  contactLinkBody,
  contactPointBody,
  contactPointParams,
  mailWordBody,
  mailWordReply,
  markedReply,
} from './contact-schema.js';
import type { IdentityContext } from './context.js';
import { markCompromised } from './mark-compromised.js';
import { identityProblem } from './problems.js';
import { removeContactPoint } from './remove-contact-point.js';
import { contactPointReply } from './schema.js';
import { sendConfirmationAgain } from './send-confirmation.js';
import { setMailWord } from './set-mail-word.js';
import { readPerson } from './store.js';
import { contactPointView } from './view.js';
import { contactPointOf } from './words.js';

const route = routeFor<IdentityContext>();

export const addContactPointRoute = route({
  id: 'addContactPoint',
  method: 'post',
  path: '/api/me/contact-points',
  tag: 'identity',
  summary: 'Add an address or a telephone number; a link or a code to it confirms it',
  access: 'signed-in',
  stepUp: {
    optional: true, // for those without a second factor, who give the password again
    confirms: ({ body: { value } }) => ({
      'zh-CN': `将 ${value} 添加到您的联系方式`,
      en: `add ${value} to how you can be reached`,
    }),
  },
  idempotent: true,
  body: contactPointBody,
  status: 201,
  reply: contactPointReply,
  errors: [
    'step_up_required',
    'password_refused',
    'sign_in_again',
    'contact_value_refused',
    'contact_point_known',
    'too_many_contact_points',
    'person_not_found',
    'too_many_requests',
  ],
  handle: async (ctx, input) => contactPointView(await addContactPoint(ctx, input, input.body)),
});

export const sendConfirmationRoute = route({
  id: 'sendContactConfirmation',
  method: 'post',
  path: '/api/me/contact-points/:contactPointId/confirmations',
  tag: 'identity',
  summary: 'Have another link or code sent to a contact point that waits to be confirmed',
  access: 'signed-in',
  idempotent: true,
  params: contactPointParams,
  status: 202,
  reply: contactPointReply,
  errors: ['contact_point_not_found', 'contact_point_confirmed', 'contact_point_compromised', 'too_many_requests'],
  handle: async (ctx, input) => contactPointView(await sendConfirmationAgain(ctx, input, input.params.contactPointId)),
});

export const confirmPhoneRoute = route({
  id: 'confirmPhone',
  method: 'post',
  path: '/api/me/contact-points/:contactPointId/confirmation',
  tag: 'identity',
  summary: 'Confirm a telephone number with the code that was sent to it',
  access: 'signed-in',
  idempotent: true,
  params: contactPointParams,
  body: contactCodeBody,
  reply: contactPointReply,
  errors: [
    'contact_point_not_found',
    'contact_point_confirmed',
    'contact_point_compromised',
    'code_refused',
    'too_many_requests',
  ],
  handle: async (ctx, input) => contactPointView(await confirmByCode(ctx, input, { ...input.params, ...input.body })),
});

export const confirmContactRoute = route({
  id: 'confirmContactPoint',
  method: 'post',
  path: '/api/contact-confirmations',
  tag: 'identity',
  summary: 'Confirm an added address with the link that was mailed to it, signed in or not',
  access: 'public',
  idempotent: true,
  body: contactLinkBody,
  errors: ['link_refused', 'too_many_requests'],
  handle: (ctx, input) => confirmByLink(ctx, input, input.body),
});

export const markCompromisedRoute = route({
  id: 'markContactPointCompromised',
  method: 'post',
  path: '/api/me/contact-points/:contactPointId/compromised',
  tag: 'identity',
  summary: 'Say that somebody else has this contact point, and read what follows from that',
  access: 'signed-in',
  idempotent: true,
  params: contactPointParams,
  reply: markedReply,
  errors: ['contact_point_not_found'],
  handle: (_ctx, { actor, params, act }) =>
    act(async (tx) => {
      const { point, follows } = await markCompromised(tx, actor.id, params.contactPointId);
      return { contactPoint: contactPointView(point), follows };
    }),
});

export const removeContactPointRoute = route({
  id: 'removeContactPoint',
  method: 'delete',
  path: '/api/me/contact-points/:contactPointId',
  tag: 'identity',
  summary: 'Take a contact point off the file; all that were there are told, this one too',
  access: 'signed-in',
  stepUp: {
    subject: async (ctx, { params, actor }) => {
      const person = await readPerson(ctx.db, actor.id);
      const point = person && contactPointOf(person, params.contactPointId);
      if (!point) throw identityProblem('contact_point_not_found');
      return { about: point.value };
    },
    confirms: ({ about }) => ({
      'zh-CN': `将 ${about} 从您的联系方式中移除`,
      en: `remove ${about} from how you can be reached`,
    }),
  },
  params: contactPointParams,
  errors: ['step_up_required', 'contact_point_not_found', 'contact_point_compromised', 'sign_in_address'],
  handle: (_ctx, { actor, params, act }) => act((tx) => removeContactPoint(tx, actor.id, params.contactPointId)),
});

export const setMailWordRoute = route({
  id: 'setMailWord',
  method: 'put',
  path: '/api/me/mail-word',
  tag: 'identity',
  summary: 'Choose the word that every mail from us to you will show',
  access: 'signed-in',
  stepUp: {
    optional: true, // for those without a second factor, who give the password again
    confirms: () => ({
      'zh-CN': '更改我们发给您的每封邮件中显示的防钓鱼码',
      en: 'change the word that every mail from us shows you',
    }),
  },
  body: mailWordBody,
  reply: mailWordReply,
  errors: [
    'step_up_required',
    'password_refused',
    'sign_in_again',
    'mail_word_refused',
    'person_not_found',
    'too_many_requests',
  ],
  handle: (ctx, input) => setMailWord(ctx, input, input.body),
});
