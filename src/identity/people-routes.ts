import { routeFor } from '../kernel/route.js';
import { addPerson, setupLink } from './add-person.js';
import type { IdentityContext } from './context.js';
import { identityProblem } from './problems.js';
import {
  invitationBody,
  invitationReply,
  peopleQuery,
  peopleReply,
  personParams,
  personReply,
  rolesBody,
} from './schema.js';
import { setRoles } from './set-roles.js';
import { listPeople, readPerson } from './store.js';
import { personView } from './view.js';

const route = routeFor<IdentityContext>();

export const listPeopleRoute = route({
  id: 'listPeople',
  method: 'get',
  path: '/api/people',
  tag: 'people',
  summary: 'One page of people with their roles, oldest first',
  access: { permission: 'people.manage' },
  query: peopleQuery,
  reply: peopleReply,
  handle: async (_ctx, { db, query }) => {
    const people = await listPeople(db, { ...query, staffOnly: query.staff });
    const last = people.length === query.limit ? people.at(-1) : undefined;
    return { people: people.map(personView), ...(last && { next: last._id }) };
  },
});

export const invitePersonRoute = route({
  id: 'invitePerson',
  method: 'post',
  path: '/api/people',
  tag: 'people',
  summary: 'Invite somebody; the reply has their one-time set-up link',
  access: { permission: 'people.manage' },
  stepUp: {
    confirms: ({ body: { email, roles } }) => ({
      'zh-CN': `邀请新用户 ${email}，角色：${roles.join('、')}`,
      en: `invite ${email} as ${roles.join(', ')}`,
    }),
  },
  idempotent: true,
  body: invitationBody,
  status: 201,
  reply: invitationReply,
  errors: ['email_taken', 'roles_in_conflict', 'step_up_required'],
  handle: (ctx, { body, act }) =>
    act(async (tx) => {
      const invitation = await addPerson(tx, body);
      const expiresAt = invitation.expiresAt.toISOString();
      return { person: personView(invitation.person), setupLink: setupLink(ctx, invitation), expiresAt };
    }),
});

export const setRolesRoute = route({
  id: 'setRoles',
  method: 'put',
  path: '/api/people/:personId/roles',
  tag: 'people',
  summary: 'Give somebody else other roles; their sessions end',
  access: { permission: 'people.manage' },
  stepUp: {
    subject: async (ctx, { params }) => {
      const person = await readPerson(ctx.db, params.personId);
      if (!person) throw identityProblem('person_not_found');
      return { about: person.email };
    },
    confirms: ({ about, body: { roles } }) => ({
      'zh-CN': `将 ${about} 的角色改为：${roles.join('、') || '无'}`,
      en: `give ${about} these roles and no others: ${roles.join(', ') || 'none'}`,
    }),
  },
  params: personParams,
  body: rolesBody,
  reply: personReply,
  errors: ['own_roles', 'person_not_found', 'roles_in_conflict', 'step_up_required'],
  handle: (_ctx, { params, body, act }) =>
    act(async (tx) => personView(await setRoles(tx, params.personId, body.roles))),
});
