import type { Document } from 'bson';
import { countOf } from '../aggregation/gather.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../filter.js';
import { isDocument } from '../numeric.js';
import { choosePlan, type Plan } from '../planner.js';
import { select } from '../reader.js';
import type { Command } from './command.js';
import { namespace } from './command.js';
import { queryOf } from './reading.js';

/** The find that a command begins with, for explain. */
function queryBehind(command: Document): { collection: unknown; body: Document; counted?: boolean } {
  const [name = '', collection] = Object.entries(command)[0] ?? [];
  switch (name) {
    case 'find':
      return { collection, body: command };
    case 'count':
      return { collection, body: { ...command, filter: command.query }, counted: true };
    case 'distinct':
      return { collection, body: { ...command, filter: command.query } };
    case 'aggregate': {
      const pipeline = (command.pipeline as Document[] | undefined) ?? [];
      const [first = {}, second = {}] = pipeline;
      return {
        collection,
        counted: countOf(pipeline.slice(first.$match ? 1 : 0)) !== undefined,
        body: {
          filter: first.$match ?? {},
          sort: first.$sort ?? (first.$match ? second.$sort : undefined),
          hint: command.hint,
        },
      };
    }
    case 'findAndModify':
    case 'findandmodify':
      return { collection, body: { filter: command.query, sort: command.sort, hint: command.hint, limit: 1 } };
    case 'update':
    case 'delete': {
      const [statement = {}] = (command[name === 'update' ? 'updates' : 'deletes'] as Document[] | undefined) ?? [];
      return { collection, body: { filter: statement.q, hint: statement.hint } };
    }
    default:
      throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function stagesOf(plan: Plan, counted: boolean): Document {
  const direction = plan.reverse ? 'backward' : 'forward';
  const byIndex = plan.index && {
    keyPattern: plan.index.spec.key,
    indexName: plan.index.name,
    isMultiKey: plan.index.multikey.seen,
    isUnique: plan.index.unique,
    isSparse: plan.index.sparse,
    isPartial: plan.index.partial !== undefined,
    direction,
  };
  const scan = byIndex
    ? counted && plan.covering
      ? { stage: 'COUNT_SCAN', ...byIndex }
      : { stage: 'FETCH', inputStage: { stage: 'IXSCAN', ...byIndex } }
    : plan.points
      ? { stage: 'IDHACK', keyPattern: { _id: 1 }, indexName: '_id_' }
      : plan.bounded
        ? { stage: 'CLUSTERED_IXSCAN', keyPattern: { _id: 1 }, indexName: '_id_', direction }
        : { stage: 'COLLSCAN', direction };
  const ordered = plan.sorted ? scan : { stage: 'SORT', inputStage: scan };
  return counted ? { stage: 'COUNT', inputStage: ordered } : ordered;
}

/** Says which index a command would read, and by reading, how many keys and documents it looks at. It writes nothing. */
export const explain: Command = {
  kind: 'read',
  fields: ['verbosity'],
  run(call, view) {
    const command = call.body.explain;
    if (!isDocument(command)) throw new CommandError(9, 'explain needs a command');
    if (command.collation) throw notSupported('collation');
    const { collection: name, body, counted = false } = queryBehind(command);
    const ns = namespace(call.db, name);
    const query = { ...queryOf(body), counted };
    const collection = view.catalogue.get(ns);
    if (!collection)
      return {
        queryPlanner: { namespace: ns, winningPlan: { stage: 'EOF' } },
        executionStats: { executionSuccess: true, nReturned: 0, totalKeysExamined: 0, totalDocsExamined: 0 },
        ok: 1,
      };
    const plan = choosePlan(collection, compileFilter(body.filter ?? {}), query.sort, query.hint);
    const examined = { keys: 0, docs: 0 };
    const begun = performance.now();
    let returned = 0;
    if (call.body.verbosity !== 'queryPlanner') for (const _ of select(view, collection, query, examined)) returned++;
    const winningPlan = stagesOf(plan, counted);
    const statistics = {
      executionSuccess: true,
      nReturned: returned,
      executionTimeMillis: Math.round(performance.now() - begun),
      totalKeysExamined: examined.keys,
      totalDocsExamined: examined.docs,
      executionStages: winningPlan,
    };
    return {
      explainVersion: '1',
      queryPlanner: { namespace: ns, parsedQuery: body.filter ?? {}, winningPlan, rejectedPlans: [] },
      ...(call.body.verbosity === 'queryPlanner' ? {} : { executionStats: statistics }),
      ok: 1,
    };
  },
};
