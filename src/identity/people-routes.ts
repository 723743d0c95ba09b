import { routeFor } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { addPerson, setupLink } from './add-person.js';
import type { IdentityContext } from './context.js';
import { isSetUp, whoIsSetUp } from './is-set-up.js';
import { identityProblem } from './problems.js';
import { resetFactors } from './reset-factors.js';
import {
  colleaguesReply,
  invitationBody,
  invitationReply,
  manageBody,
  peopleQuery,
  peopleReply,
  personParams,
  personReply,
  rolesBody,
} from './schema.js';
import { setRoles } from './set-roles.js';
import { listPeople, readPerson } from './store.js';
import { reinstatePerson, suspendPerson } from './suspend-person.js';
import { colleagueView, personView } from './view.js';
import type { Person } from './words.js';

const route = routeFor<IdentityContext>();

const personReplied = async (tx: Tx, person: Person) => personView(person, await isSetUp(tx, person));

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
    const setUp = await whoIsSetUp(db, people);
    return { people: people.map((each) => personView(each, setUp.has(each._id))), ...(last && { next: last._id }) };
  },
});

/** So that ids on the pages of cases have names; more staff than that is another product. */
const MOST_COLLEAGUES = 1_000;

export const listColleaguesRoute = route({
  id: 'listColleagues',
  method: 'get',
  path: '/api/colleagues',
  tag: 'people',
  summary: 'Who else works here: addresses and roles, to name them and to give them cases',
  access: { permission: 'colleague.read' },
  reply: colleaguesReply,
  handle: async (_ctx, { db }) => ({
    colleagues: (await listPeople(db, { staffOnly: true, limit: MOST_COLLEAGUES })).map(colleagueView),
  }),
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
      const person = await personReplied(tx, invitation.person);
      return { person, setupLink: setupLink(ctx, invitation), expiresAt };
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
    act(async (tx) => personReplied(tx, await setRoles(tx, params.personId, body.roles))),
});

/** What managing somebody is about, in our own words. */
const onPerson = {
  subject: async (ctx: IdentityContext, { params }: { params: { personId: string } }) => {
    const person = await readPerson(ctx.db, params.personId);
    if (!person) throw identityProblem('person_not_found');
    return { about: person.email };
  },
};

const MANAGE = {
  method: 'post',
  tag: 'people',
  access: { permission: 'people.manage' },
  idempotent: true,
  params: personParams,
  body: manageBody,
} as const;

export const suspendPersonRoute = route({
  ...MANAGE,
  id: 'suspendPerson',
  path: '/api/people/:personId/suspension',
  summary: 'Shut one of staff out at once: every session ends and none opens',
  stepUp: {
    ...onPerson,
    confirms: ({ about }) => ({ 'zh-CN': `停用 ${about} 的工作账户`, en: `suspend ${about}` }),
  },
  reply: personReply,
  errors: ['own_roles', 'person_not_found', 'not_staff', 'already_suspended', 'step_up_required'],
  handle: (_ctx, { params, body, act }) =>
    act(async (tx) => personReplied(tx, await suspendPerson(tx, params.personId, body))),
});

export const reinstatePersonRoute = route({
  ...MANAGE,
  id: 'reinstatePerson',
  path: '/api/people/:personId/reinstatement',
  summary: 'Let somebody in again who was suspended',
  stepUp: {
    ...onPerson,
    confirms: ({ about }) => ({ 'zh-CN': `恢复 ${about} 的工作账户`, en: `let ${about} in again` }),
  },
  reply: personReply,
  errors: ['own_roles', 'person_not_found', 'not_staff', 'not_suspended', 'step_up_required'],
  handle: (_ctx, { params, body, act }) =>
    act(async (tx) => personReplied(tx, await reinstatePerson(tx, params.personId, body))),
});

export const resetFactorsRoute = route({
  ...MANAGE,
  id: 'resetFactors',
  path: '/api/people/:personId/factor-reset',
  summary: 'Have one of staff set up every second factor anew; the reply has the link they need besides their password',
  stepUp: {
    ...onPerson,
    confirms: ({ about }) => ({
      'zh-CN': `作废 ${about} 的所有验证方式并要求重新设置`,
      en: `void every second factor of ${about} and have them set up anew`,
    }),
  },
  reply: invitationReply,
  errors: ['own_roles', 'person_not_found', 'not_staff', 'not_set_up', 'step_up_required'],
  handle: (ctx, { params, body, act }) =>
    act(async (tx) => {
      const invitation = await resetFactors(tx, params.personId, body);
      const expiresAt = invitation.expiresAt.toISOString();
      const person = await personReplied(tx, invitation.person);
      return { person, setupLink: setupLink(ctx, invitation), expiresAt };
    }),
});
