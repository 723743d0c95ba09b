import Joi from 'joi';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import type { CaseContext } from './context.js';
import { AGE_NAMES, FIGURE_DAYS, type FigureDays } from './figure-words.js';
import { type FiguresView, readFigures } from './read-figures.js';
import { STEPS } from './words.js';

const count = (what: string) => Joi.number().integer().min(0).required().description(what);
const seconds = (what: string) =>
  Joi.alternatives(Joi.number().integer(), Joi.valid(null))
    .required()
    .description(`${what}; null when nothing was frozen`);
const spread = {
  p50: seconds('Seconds within which half were frozen'),
  p90: seconds('Seconds within which nine of ten were frozen'),
  p99: seconds('Seconds within which 99 of 100 were frozen'),
};

export const figuresRoutes: readonly AnyRoute<CaseContext>[] = [
  routeFor<CaseContext>()({
    id: 'readFigures',
    method: 'get',
    path: '/api/figures',
    tag: 'cases',
    summary: 'Time from a report to the confirmed freeze, day by day, and open cases by state and age',
    access: { permission: 'figures.read' },
    query: Joi.object<{ days: FigureDays; timeZone: string }>({
      days: Joi.number()
        .integer()
        .min(FIGURE_DAYS[0])
        .max(FIGURE_DAYS[2])
        .valid(...FIGURE_DAYS)
        .default(30)
        .description('Length of the period, up to now'),
      timeZone: Joi.string()
        .pattern(/^[A-Za-z][\w+-]{0,30}(\/[\w+-]{1,30}){0,2}$/)
        .default('Asia/Shanghai')
        .description('IANA name of the time zone whose days are meant'),
    }),
    reply: Joi.object<FiguresView>({
      days: Joi.number().integer().required().description('Length of the period'),
      since: Joi.string().isoDate().required().description('Where it begins, UTC'),
      reported: count('Cases opened in it, as far as they were looked at'),
      frozen: count('Of these, how many the exchange confirmed as frozen'),
      partial: Joi.boolean().required().description('Whether there were more cases: then the oldest days lack some'),
      spread: Joi.object(spread).required().description('Over the whole period'),
      perDay: Joi.array()
        .items(
          Joi.object({
            day: Joi.string().required().description('Day, in the time zone'),
            reported: count('Cases opened on it'),
            frozen: count('Of these, how many were frozen, then or later'),
            ...spread,
          }),
        )
        .required()
        .description('By day of the report, oldest first; the first and the last day are no whole ones'),
      open: Joi.array()
        .items(
          Joi.object({
            state: Joi.string().required().description('State'),
            step: Joi.string()
              .valid(...STEPS)
              .required()
              .description('Step it is in'),
            title: Joi.object({
              'zh-CN': Joi.string().required().description('Simplified Chinese'),
              en: Joi.string().required().description('English'),
            })
              .required()
              .description('The state in words'),
            ages: Joi.object(Object.fromEntries(AGE_NAMES.map((age) => [age, count(`Cases of the age ${age}`)])))
              .required()
              .description('Open cases by how long ago they were opened'),
            total: count('All of them'),
          }),
        )
        .required()
        .description('Open cases now, whatever the period'),
    }),
    errors: ['figures_zone_not_valid'],
    handle: async (ctx, { query }) => readFigures(ctx, query),
  }),
];
