import Joi from 'joi';
import { type Kernel, routeFor } from '../kernel/route.js';
import { describeWorkflow, type TransitionView, type WorkflowView } from './describe-workflow.js';
import type { Workflows } from './load-workflows.js';
import { CHECK_METHODS, INCIDENT_KINDS } from './words.js';

const route = routeFor<Kernel & { readonly workflows: Workflows }>();

const text = Joi.object({
  'zh-CN': Joi.string().required().description('Simplified Chinese'),
  en: Joi.string().required().description('English'),
}).required();
const name = Joi.string().required();

const transition = {
  event: name.description('What happens'),
  by: Joi.string().valid('person', 'system').required().description('Who sends it: people, or only the product'),
  guard: Joi.string().description('Name of the condition, when there is one'),
  effects: Joi.array().items(Joi.string()).required().description('Names of what is done on the way'),
};

const workflow = Joi.object<WorkflowView>({
  kind: Joi.string()
    .valid(...INCIDENT_KINDS)
    .required()
    .description('Kind of incident'),
  version: name.description('Version'),
  sha256: name.description('Of the bytes of its file, hexadecimal'),
  current: Joi.boolean().required().description('Whether new cases start with it; else only older ones run on it'),
  title: text.description('The kind in words'),
  urgent: Joi.boolean().required().description('Whether reports of it may freeze at once'),
  freeze: Joi.object({
    scopes: Joi.array().items(Joi.string()).required().description('What is frozen'),
    hours: Joi.number().integer().required().description('For how long'),
  })
    .required()
    .description('What a freeze is when nobody says otherwise'),
  accepted: Joi.array()
    .items(Joi.array().items(Joi.string().valid(...CHECK_METHODS)))
    .required()
    .description('Any one of these combinations proves the customer'),
  initial: name.description('State in which a case starts'),
  steps: Joi.array()
    .items(Joi.object({ name: name.description('Step'), title: text.description('The step in words') }))
    .required()
    .description('In their order'),
  states: Joi.array()
    .items(
      Joi.object({
        name: name.description('State'),
        step: name.description('Step it is in'),
        title: text.description('The state in words'),
        next: text.description('What happens next, as the customer reads it'),
        withinMinutes: Joi.number().description('Minutes after which somebody is late'),
      }),
    )
    .required()
    .description('In their order'),
  transitions: Joi.array()
    .items(
      Joi.object<WorkflowView['transitions'][number]>({
        from: name.description('State before'),
        to: name.description('State after; the same for an act that leaves the case where it is'),
        ...transition,
      }),
    )
    .required()
    .description('Where each event leads'),
  anywhere: Joi.array()
    .items(Joi.object<TransitionView>(transition))
    .required()
    .description('What may come in any state and moves the case nowhere'),
});

export const workflowRoutes = [
  route({
    id: 'listWorkflows',
    method: 'get',
    path: '/api/workflows',
    tag: 'workflows',
    summary: 'Every workflow a case can run on, current ones first, with the hash of its file',
    access: { permission: 'workflow.read' },
    reply: Joi.object({ workflows: Joi.array().items(workflow).required().description('Current ones first') }),
    handle: async ({ workflows }) => ({
      workflows: workflows.all.map((definition) =>
        describeWorkflow(definition, workflows.current(definition.id) === definition),
      ),
    }),
  }),
];
