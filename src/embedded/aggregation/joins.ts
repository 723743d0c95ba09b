import type { Document } from 'bson';
import { CommandError, refuseOthers } from '../errors.js';
import { fieldPath } from '../field-path.js';
import { compileFilter } from '../filter.js';
import { isDocument, numberOf } from '../numeric.js';
import { select } from '../reader.js';
import { expressionOf } from './engine.js';
import { checkField, checkVariable } from './expression-form.js';
import { putField } from './fields.js';
import type { Scope, Stage } from './scope.js';
import { encode, keyText, promoted, whole } from './values.js';

const inner = (scope: Scope, variables: Document = scope.variables): Scope => ({
  ...scope,
  variables,
  depth: scope.depth + 1,
});

function namespaceOf(scope: Scope, from: unknown): string {
  if (typeof from !== 'string' || from === '')
    throw new CommandError(9, "$lookup needs 'from', the name of a collection");
  return `${scope.db}.${from}`;
}

/** Documents whose field equals a value, or one of those in an array. */
function equalTo(field: string, value: unknown): Document {
  return Array.isArray(value) ? { [field]: { $in: value } } : { [field]: { $eq: value ?? null } };
}

export const lookup: Stage = (documents, operand, scope) => {
  if (!isDocument(operand)) throw new CommandError(9, 'the $lookup specification must be an object');
  const { from, localField, foreignField, let: bound = {}, pipeline = [], as } = operand;
  if (typeof as !== 'string') throw new CommandError(9, "must specify 'as' field for a $lookup");
  if (
    (localField === undefined) !== (foreignField === undefined) ||
    (localField === undefined && operand['pipeline'] === undefined)
  )
    throw new CommandError(9, '$lookup requires both or neither of localField and foreignField, or a pipeline');
  const ns = namespaceOf(scope, from);
  scope.pipelines.check(pipeline as Document[]);
  const local = localField === undefined ? undefined : expressionOf(`$${localField}`, scope.variables);
  for (const name in bound as Document) checkVariable(name);
  const vars = Object.entries(bound as Document).map(
    ([name, expression]) => [name, expressionOf(expression, scope.variables)] as const,
  );
  const find = (doc: Document): Document[] => {
    const join = local ? [{ $match: equalTo(foreignField as string, local(doc)) }] : [];
    const variables = { ...scope.variables, ...Object.fromEntries(vars.map(([name, value]) => [name, value(doc)])) };
    return [...scope.pipelines.run(inner(scope, variables), ns, [...join, ...(pipeline as Document[])])].map(promoted);
  };
  return joined(documents, fieldPath(as), local || vars.length > 0 ? find : once(find));
};

/** What does not depend on the document is looked up for the first one only. */
function once(find: (doc: Document) => Document[]): (doc: Document) => Document[] {
  let result: Document[] | undefined;
  return (doc) => (result ??= find(doc));
}

function* joined(
  documents: Iterable<Buffer>,
  as: readonly string[],
  find: (doc: Document) => Document[],
): Generator<Buffer> {
  for (const raw of documents) {
    const doc = promoted(raw);
    yield encode(putField(doc, as, find(doc)));
  }
}

export const graphLookup: Stage = (documents, operand, scope) => {
  const {
    from,
    startWith,
    connectFromField,
    connectToField,
    as,
    maxDepth,
    depthField,
    restrictSearchWithMatch = {},
  } = operand as Document;
  for (const field of [connectFromField, connectToField, as])
    if (typeof field !== 'string')
      throw new CommandError(40105, '$graphLookup needs connectFromField, connectToField and as');
  const collection = scope.view.catalogue.get(namespaceOf(scope, from));
  const start = expressionOf(startWith, scope.variables);
  const next = expressionOf(`$${connectFromField}`, scope.variables);
  const deepest = maxDepth === undefined ? Number.POSITIVE_INFINITY : numberOf(maxDepth);
  if (deepest === undefined) throw new CommandError(40100, 'maxDepth must be numeric, found type other than a number');
  if (deepest < 0) throw new CommandError(40101, `maxDepth requires a nonnegative argument, found: ${deepest}`);
  const find = (doc: Document): Document[] => {
    const found = new Map<string, Document>();
    const asked = new Set<string>();
    let wanted = list(start(doc));
    for (let depth = 0; wanted.length > 0 && depth <= deepest && collection; depth++) {
      const fresh = wanted.filter((value) => !asked.has(keyText(value)));
      for (const value of fresh) asked.add(keyText(value));
      wanted = [];
      if (fresh.length === 0) break;
      const filter = compileFilter(
        { $and: [{ [connectToField]: { $in: fresh } }, restrictSearchWithMatch] },
        scope.variables,
      );
      for (const raw of select(scope.view, collection, { filter, sort: [], skip: 0, limit: Infinity })) {
        const one = promoted(raw);
        const key = keyText(one['_id']);
        if (found.has(key)) continue;
        found.set(key, depthField === undefined ? one : putField(one, fieldPath(String(depthField)), whole(depth)));
        for (const value of list(next(one))) wanted.push(value);
      }
    }
    return [...found.values()];
  };
  return joined(documents, fieldPath(as as string), find);
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value ?? null]);

export const unionWith: Stage = (documents, operand, scope) => {
  const { coll, pipeline = [], ...others } = isDocument(operand) ? operand : { coll: operand };
  refuseOthers('$unionWith', others);
  if (!Array.isArray(pipeline)) throw new CommandError(14, "BSON field '$unionWith.pipeline' is not an array");
  if (isDocument(operand) && coll !== undefined && typeof coll !== 'string')
    throw new CommandError(14, "BSON field '$unionWith.coll' is not a string");
  const stages = pipeline as Document[];
  scope.pipelines.check(stages);
  if (coll === undefined && !(stages[0] && '$documents' in stages[0]))
    throw new CommandError(9, '$unionWith needs coll');
  return both(documents, () =>
    coll === undefined
      ? scope.pipelines.stages(inner(scope), [], stages)
      : scope.pipelines.run(inner(scope), namespaceOf(scope, coll), stages),
  );
};

function* both(first: Iterable<Buffer>, second: () => Iterable<Buffer>): Generator<Buffer> {
  yield* first;
  yield* second();
}

const NOT_IN_FACET = ['$facet', '$out', '$merge', '$documents', '$geoNear', '$collStats', '$indexStats', '$search'];

export const facet: Stage = (documents, operand, scope) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0)
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  for (const [name, stages] of Object.entries(operand)) {
    checkField(name);
    if (!Array.isArray(stages)) throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const stage of stages as Document[]) {
      const [first = ''] = Object.keys(stage ?? {});
      if (NOT_IN_FACET.includes(first))
        throw new CommandError(40600, `${first} is not allowed to be used within a $facet stage`);
    }
    scope.pipelines.check(stages as Document[]);
  }
  return faceted(documents, operand, scope);
};

function* faceted(documents: Iterable<Buffer>, operand: Document, scope: Scope): Generator<Buffer> {
  const all = [...documents];
  const result: Document = {};
  for (const [name, stages] of Object.entries(operand))
    result[name] = [...scope.pipelines.stages(inner(scope), all, stages as Document[])].map(promoted);
  yield encode(result);
}
