import { createRequire } from 'node:module';
import type { Document } from 'bson';
import type { Context, evalExpr, OpType, ProcessingMode } from 'mingo/core';
import { badValue, CommandError } from '../errors.js';
import { isDocument } from '../numeric.js';
import { sizeOf, type Value } from '../raw.js';
import { checkForm } from './expression-form.js';
import { type Operator, PATH, withPaths } from './lazy.js';
import { operators } from './operators.js';
import { promoted, promotedConstant } from './values.js';

/**
 * The seam to mingo, which evaluates expressions: variables, paths, dates, texts. It is loaded at the first use: a store that
 * only does what drivers do most never pays for it.
 */
interface Engine {
  readonly evalExpr: typeof evalExpr;
  readonly context: Context;
  readonly accumulators: Readonly<Record<string, Operator>>;
  readonly windows: Readonly<Record<string, WindowOperator>>;
}
export type WindowOperator = (doc: unknown, docs: unknown[], how: Document, options: unknown) => unknown;

const REFUSED = ['$function', '$accumulator', '$where', PATH];
let loaded: Engine | undefined;
const require = createRequire(import.meta.url);

export function engine(): Engine {
  if (loaded) return loaded;
  const core = require('mingo/core') as {
    Context: typeof Context;
    evalExpr: typeof evalExpr;
    OpType: typeof OpType;
    ProcessingMode: typeof ProcessingMode;
  };
  const kind = (name: string) => ({ ...(require(`mingo/operators/${name}`) as object) });
  const context = core.Context.init({
    expression: operators(core.evalExpr as never, kind('expression') as never) as never,
  });
  loaded = {
    evalExpr: core.evalExpr,
    context,
    accumulators: kind('accumulator') as Record<string, Operator>,
    windows: kind('window') as Record<string, WindowOperator>,
  };
  return loaded;
}

export function optionsOf(variables: Document) {
  const { context } = engine();
  return {
    context,
    scriptEnabled: false,
    useStrictMode: true,
    failOnError: true,
    idKey: '_id',
    processingMode: 0,
    variables,
  };
}

/** An expression that is evaluated on many documents. @throws CommandError for scripts, and where what is constant fails */
export const expressionOf = (expression: unknown, variables: Document = {}): ((doc: unknown) => unknown) =>
  compiled(expression, variables).evaluateOn;

/** What an expression gives whatever the document; undefined when that depends on it. */
export function constantValue(expression: unknown, variables: Document): unknown {
  const { isConstant, evaluateOn } = compiled(expression, variables);
  return isConstant ? evaluateOn({}) : undefined;
}

function compiled(expression: unknown, variables: Document) {
  refuseScripts(expression);
  checkForm(expression);
  const whole = withPaths(promotedConstant(expression));
  const options = optionsOf(variables) as never;
  const { evalExpr: evaluateExpression } = engine();
  const evaluateOn = (doc: unknown, what = whole) =>
    guarded(() => evaluateExpression(doc as Document, what, options) as unknown);
  const isConstant = meetConstants(whole, (operator) => evaluateOn({}, operator));
  return { isConstant, evaluateOn: (doc: unknown) => evaluateOn(doc) };
}

/** Read the document, or chance, without a path. */
const NEVER_CONSTANT = ['$getField', '$rand', '$meta'];

/**
 * Works out each operator that needs no document: as in MongoDB (its Expression::optimize) its error is told even when there
 * is no document, or when nobody would have asked for it.
 *
 * @returns whether all of it is constant
 */
function meetConstants(expression: unknown, evaluateOperator: (operator: unknown) => unknown): boolean {
  if (typeof expression === 'string') return expression[0] !== '$';
  const allOf = (parts: readonly unknown[]) =>
    parts.map((part) => meetConstants(part, evaluateOperator)).every(Boolean);
  if (Array.isArray(expression)) return allOf(expression);
  if (!isDocument(expression)) return true;
  const [name = ''] = Object.keys(expression);
  if (name === '$literal') return true;
  const constant = allOf(Object.values(expression)) && !NEVER_CONSTANT.includes(name);
  if (constant && name[0] === '$') evaluateOperator(expression);
  return constant;
}

export function evaluate(doc: Value, expression: unknown, variables: Document = {}): unknown {
  return expressionOf(
    expression,
    variables,
  )(promoted(doc.buf.subarray(doc.at, doc.at + sizeOf(doc.buf, doc.type, doc.at))));
}

export function refuseScripts(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) refuseScripts(item);
  else if (isDocument(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (REFUSED.includes(name)) throw badValue(`${name} is not allowed: the store runs no scripts`);
      refuseScripts(inner);
    }
  }
}

/** mingo's complaints about operands are the client's error. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/is not registered/.test(message)) throw new CommandError(31325, `Unknown expression: ${message}`);
    if (/undefined variable/.test(message)) throw new CommandError(17276, message);
    throw badValue(message);
  }
}
