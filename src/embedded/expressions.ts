import { createRequire } from 'node:module';
import { type Document, deserialize } from 'bson';
import type * as Mingo from 'mingo';
import type { Context, evalExpr, OpType, ProcessingMode } from 'mingo/core';
import { documentOf, unparse } from './codec.js';
import { badValue, CommandError } from './errors.js';
import { isDocument } from './numeric.js';
import { sizeOf, type Value } from './raw.js';
import { typedAccumulators, typedExpressions, typedSort } from './typed-operators.js';

/**
 * The seam to mingo, which knows aggregation stages and expressions. It is loaded at the first use: a store that only
 * does what drivers do most never pays for it. Here numbers are JavaScript numbers; stages that only choose, order or
 * cut documents never come here (aggregate.ts), so those keep every bit.
 */
interface Engine {
  readonly Aggregator: typeof Mingo.Aggregator;
  readonly evalExpr: typeof evalExpr;
  readonly context: Context;
}

type Stream = { filter(test: (doc: unknown) => boolean): Stream };
const REFUSED = ['$function', '$accumulator', '$where'];

let loaded: Engine | undefined;
const require = createRequire(import.meta.url);

/** Compiles a $match in the middle of a pipeline; filter.ts, which itself needs expressions for $expr, gives it. */
export type Matcher = (filter: Document) => (doc: Value) => boolean;
let matcher: Matcher | undefined;

function engine(): Engine {
  if (loaded) return loaded;
  const core = require('mingo/core') as {
    Context: typeof Context;
    evalExpr: typeof evalExpr;
    OpType: typeof OpType;
    ProcessingMode: typeof ProcessingMode;
  };
  const operators = (kind: string) => ({ ...(require(`mingo/operators/${kind}`) as object) });
  const { Lazy } = require('mingo/lazy') as { Lazy: (docs: unknown[]) => unknown };
  const expression = operators('expression');
  const accumulator = operators('accumulator');
  const replaced = {
    expression: { ...expression, ...typedExpressions(core.evalExpr as never, expression as never) },
    accumulator: { ...accumulator, ...typedAccumulators(accumulator as never) },
    pipeline: {
      ...operators('pipeline'),
      $sort: typedSort(Lazy),
      $match: (stream: Stream, filter: Document) => {
        const test = matcher!(filter);
        return stream.filter((doc) => test(documentOf(unparse(doc as Document))));
      },
    },
  };
  const context = core.Context.init({
    ...(replaced as object),
    projection: operators('projection'),
    query: operators('query'),
    window: operators('window'),
  });
  const { Aggregator } = require('mingo/aggregator') as { Aggregator: typeof Mingo.Aggregator };
  loaded = { Aggregator, evalExpr: core.evalExpr, context };
  return loaded;
}

/** Documents as mingo works on them: JavaScript numbers where they are exact, BSON classes elsewhere. */
export function promoted(raw: Uint8Array): Document {
  return deserialize(raw, { promoteBuffers: false });
}

/** Constants of a pipeline, the same way; typed numbers would be objects to mingo. */
export function promotedConstant(constant: unknown): unknown {
  return promoted(unparse({ v: constant })).v;
}

export function evaluate(doc: Value, expression: unknown, variables: Document = {}): unknown {
  const raw = doc.buf.subarray(doc.at, doc.at + sizeOf(doc.buf, doc.type, doc.at));
  return guarded(() => {
    const { evalExpr: evaluateExpression, context } = engine();
    return evaluateExpression(promoted(raw), promotedConstant(expression), {
      ...optionsOf(context),
      variables,
    } as never);
  });
}

function optionsOf(context: Context) {
  return { context, scriptEnabled: false, useStrictMode: true, failOnError: true, idKey: '_id', processingMode: 0 };
}

/**
 * Runs stages over documents.
 *
 * @param collectionOf  the promoted documents of another collection, for $lookup, $graphLookup and $unionWith
 */
export function runStages(
  docs: Iterable<Document>,
  stages: readonly Document[],
  match: Matcher,
  collectionOf: (name: string) => Document[],
  variables: Document = {},
): Iterable<Document> {
  refuseScripts(stages);
  matcher = match;
  return guarded(() => {
    const { Aggregator, context } = engine();
    const aggregator = new Aggregator(
      promotedConstant(stages) as Document[],
      {
        ...optionsOf(context),
        collectionResolver: collectionOf,
        variables,
      } as never,
    );
    return aggregator.run(docs as never) as Document[];
  });
}

function refuseScripts(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) refuseScripts(item);
  else if (isDocument(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (REFUSED.includes(name)) throw badValue(`${name} is not allowed: the store runs no scripts`);
      refuseScripts(inner);
    }
  }
}

/** mingo's complaints about operands are the client's error. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw badValue(error instanceof Error ? error.message : String(error));
  }
}
