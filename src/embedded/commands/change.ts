import type { Document } from 'bson';
import { runStages, scopeOf } from '../aggregation/pipeline.js';
import { parse, unparse } from '../codec.js';
import { CommandError } from '../errors.js';
import { isDocument } from '../numeric.js';
import { field, slice, TYPE } from '../raw.js';
import { idSeedOf, seedOf } from '../seed.js';
import { compileUpdate } from '../update.js';
import type { View } from '../view.js';

/** How one document changes: operators, a pipeline, or another document in its place (kept in the client's bytes). */
export interface Change {
  readonly replaces: boolean;
  apply(old: Buffer, query: Document): Changed;
  insert(query: Document): Buffer;
}

interface Changed {
  readonly raw: Buffer;
  /** Whether it counts as modified even when it is the same as before. */
  readonly written: boolean;
}

/** What a change may use beside itself. */
export interface Around {
  readonly view: View;
  readonly arrayFilters?: unknown;
  /** The values of `let`, and of a statement's `c`. */
  readonly variables: Document;
}

/** @param raw  the statement in which the change is called `name` */
export function changeOf(raw: Buffer, name: string, { view, arrayFilters, variables }: Around): Change {
  const operand = field(raw, 0, Buffer.from(name));
  if (operand?.type === TYPE.array) {
    if (arrayFilters !== undefined) throw new CommandError(9, 'Cannot specify arrayFilters and a pipeline update');
    return byPipeline(view, parse(raw)[name] as Document[], variables);
  }
  if (operand?.type !== TYPE.object) throw new CommandError(9, 'Update argument must be either an object or an array');
  const bytes = Buffer.from(slice(operand));
  const spec = parse(bytes);
  const names = Object.keys(spec);
  if (names[0]?.[0] !== '$') {
    if (arrayFilters !== undefined)
      throw new CommandError(9, 'arrayFilters may not be specified for replacement-style updates');
    const dollar = names.find((key) => key[0] === '$' && !['$ref', '$id', '$db'].includes(key));
    if (dollar !== undefined)
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    return byReplacement(bytes);
  }
  if (arrayFilters !== undefined && !(Array.isArray(arrayFilters) && arrayFilters.every(isDocument)))
    throw new CommandError(14, 'arrayFilters has to be an array of documents');
  return byOperators(spec, (arrayFilters as Document[] | undefined) ?? []);
}

function byOperators(spec: Document, arrayFilters: Document[]): Change {
  const update = compileUpdate(spec, arrayFilters);
  return {
    replaces: false,
    apply(old, query) {
      const doc = parse(old);
      const written = update(doc, query, false);
      return { raw: unparse(doc), written };
    },
    insert(query) {
      const doc = seedOf(query);
      update(doc, query, true);
      return unparse(doc);
    },
  };
}

function byReplacement(bytes: Buffer): Change {
  return {
    replaces: true,
    apply: (old) => ({ raw: withIdOf(bytes, parse(old)), written: false }),
    insert: (query) => withIdOf(bytes, idSeedOf(query)),
  };
}

/** A document that says nothing of its `_id` keeps the one that it had. */
function withIdOf(bytes: Buffer, doc: Document): Buffer {
  if (!('_id' in doc) || field(bytes, 0, Buffer.from('_id')) !== undefined) return bytes;
  const id = unparse({ _id: doc['_id'] });
  const whole = Buffer.concat([id.subarray(0, -1), bytes.subarray(4)]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

const PIPELINE_STAGES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

function byPipeline(view: View, stages: Document[], variables: Document): Change {
  for (const stage of stages) {
    if (!isDocument(stage)) throw new CommandError(14, "Each element of the 'pipeline' array must be an object");
    const [name = '', ...more] = Object.keys(stage);
    if (name === '' || more.length > 0)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    if (!PIPELINE_STAGES.includes(name))
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
  }
  const scope = { ...scopeOf(view, '', undefined), variables };
  const run = (doc: Buffer) => {
    const [result] = runStages(scope, [doc], stages);
    return result!;
  };
  return {
    replaces: false,
    apply: (old) => ({ raw: withIdOf(run(old), parse(old)), written: false }),
    insert: (query) => run(unparse(seedOf(query))),
  };
}
