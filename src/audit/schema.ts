import Joi from 'joi';
import { ROLES } from '../kernel/actor.js';
import { CURSOR_MAX_LENGTH } from './cursor.js';
import type { PageRequest } from './list-events.js';
import { PAGE_LIMIT } from './list-events.js';
import type { SearchBody, SearchPageView } from './search-events.js';
import { FAULTS } from './verify-event.js';
import type { EventPageView, OpenedEventView } from './view.js';
import { ACTOR_KINDS, RESULTS } from './words.js';

/** Ids, action names and account numbers. No `@`: the filter is recorded in the log, where no address belongs. */
const id = Joi.string().pattern(/^[\w.:-]{1,100}$/);
const base64 = Joi.string().base64({ paddingRequired: true });
const instant = Joi.string().isoDate();
/** In bodies nothing is converted. */
const moment = instant.pattern(/^\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:\d\d)$/).max(40);

const indexedFilters = {
  actor: id.description('Id of the person who acted, or `anonymous`, `worker`, `cli`'),
  caseId: id.description('Id of the case'),
  action: id.description('Name of the action, e.g. `freeze.confirmed`'),
  accountId: id.description('Account at the exchange'),
  result: Joi.string()
    .valid(...RESULTS)
    .description('`refused` for attempts that were turned down'),
};

const paging = {
  limit: Joi.number().integer().min(1).max(PAGE_LIMIT).default(50).description('Events on a page'),
  cursor: Joi.string()
    .pattern(/^[\w-]+$/)
    .max(CURSOR_MAX_LENGTH)
    .description('`next` of the page before; the filters stay the same'),
};

export const eventPageQuery = Joi.object<PageRequest>({
  ...indexedFilters,
  from: Joi.date().iso().description('Earliest instant, inclusive; RFC 3339'),
  to: Joi.date().iso().description('Latest instant, exclusive; RFC 3339'),
  ...paging,
});

/** What a search may ask for; a saved query holds the same. */
export const searchFilters = {
  ...indexedFilters,
  from: moment.description('Earliest instant, inclusive; RFC 3339'),
  to: moment.description('Latest instant, exclusive; RFC 3339'),
  role: Joi.string()
    .valid(...ROLES)
    .description('A role the actor held at that instant'),
  text: Joi.string()
    .max(200)
    .description(
      'Words that all stand in the event, or in personal data of it that is not erased; upper and lower case alike',
    ),
  sourceAddress: Joi.string()
    .pattern(/^[\d.:a-fA-F]{2,45}(\/\d{1,3})?$/)
    .description('Address the act came from, or a network such as 203.0.113.0/24; finds nothing where it is erased'),
};

export const searchBody = Joi.object<SearchBody>({
  ...searchFilters,
  ...paging,
  queryId: Joi.string()
    .pattern(/^query_[0-9a-f]{24}$/)
    .description('The saved query it comes from; only recorded'),
});

export const eventParams = Joi.object<{ eventId: string }>({
  eventId: id.required().description('Id of the event'),
});

const auditEvent = Joi.object({
  version: Joi.number().integer().required().description('Version of the shape'),
  id: Joi.string().required().description('Id of the event'),
  at: instant.required().description('When, UTC'),
  actor: Joi.object({
    kind: Joi.string()
      .valid(...ACTOR_KINDS)
      .required()
      .description('Kind of actor'),
    id: Joi.string().required().description('Person id, or the part of the system that acted'),
    roles: Joi.array().items(Joi.string()).required().description('Roles held at that instant'),
  })
    .required()
    .description('Who acted'),
  action: Joi.string().required().description('What was done'),
  caseId: Joi.string().description('Case it belongs to'),
  accountId: Joi.string().description('Account it concerns'),
  target: Joi.object({
    kind: Joi.string().required().description('Kind of thing'),
    id: Joi.string().required().description('Id of the thing'),
  }).description('What it was done to'),
  result: Joi.string()
    .valid(...RESULTS)
    .required()
    .description('Whether it was done or refused'),
  facts: Joi.object().unknown().required().description('Particulars of the action; no personal data'),
  commitments: Joi.object()
    .pattern(Joi.string(), Joi.string())
    .required()
    .description('Field to base64 of SHA-256(salt || UTF-8 value)'),
  requestId: Joi.string().required().description('Request it came with'),
}).unknown(); // a damaged event is shown as it is, with its faults

const eventFields = {
  id: Joi.string().required().description('Id of the event'),
  at: instant.required().description('When, UTC'),
  event: auditEvent.description('What the canonical bytes say; missing when they cannot be read'),
  canonical: base64.allow('').required().description('The canonical bytes (RFC 8785), base64'),
  leafHash: base64.allow('').required().description('SHA-256(0x00 || canonical bytes), base64 (RFC 9162, 2.1.1)'),
  faults: Joi.array()
    .items(Joi.string().valid(...FAULTS))
    .required()
    .description('What is wrong with the stored event; empty when it is intact'),
};

export const eventPageReply = Joi.object<EventPageView>({
  events: Joi.array().items(Joi.object(eventFields)).required().description('Newest first'),
  next: Joi.string().description('Cursor of the next, older page; missing on the last'),
});

export const searchReply = Joi.object<SearchPageView>({
  events: Joi.array().items(Joi.object(eventFields)).required().description('What was found, newest first'),
  lookedThrough: Joi.number().integer().required().description('Events looked through for this page'),
  next: Joi.string().description('Cursor to go on from; there may be one though nothing was found yet'),
});

export const eventReply = Joi.object<OpenedEventView>({
  ...eventFields,
  openings: Joi.array()
    .items(
      Joi.object({
        field: Joi.string().required().description('Name of the personal field'),
        salt: base64.required().description('Salt, base64'),
        value: Joi.string().allow('').required().description('The personal data'),
        fits: Joi.boolean().required().description('Whether it opens the commitment in the event'),
      }),
    )
    .required()
    .description('Personal data of the event that has not been erased'),
  erased: Joi.array()
    .items(
      Joi.object({
        field: Joi.string().required().description('Name of the personal field'),
        at: instant.required().description('When it was erased, UTC'),
        erasureId: Joi.string().required().description('The erasure that took it'),
        says: Joi.object({
          'zh-CN': Joi.string().required().description('In Chinese'),
          en: Joi.string().required().description('In English'),
        })
          .required()
          .description('What to show in its place'),
      }),
    )
    .required()
    .description('Fields whose opening was erased'),
  missing: Joi.array()
    .items(Joi.string())
    .required()
    .description('Fields committed to whose opening is gone, though no erasure says so'),
});
