import { constructFromEvents, EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml';
import { definitionShape, type RawDefinition } from './shape.js';
import { WorkflowRefused } from './workflow-refused.js';

export type YamlPath = readonly (string | number)[];

export interface ReadDefinition {
  readonly raw: RawDefinition;
  /** Refuses the file, pointing at the deepest part of `path` that is written down. */
  readonly refuse: (path: YamlPath, why: string) => never;
}

/**
 * Reads one workflow file and checks its shape.
 * @throws WorkflowRefused for what is not YAML, uses a key twice, or has another shape
 */
export function readFile(file: string, source: string): ReadDefinition {
  const { events, document } = parse(file, source);
  const refuse = (path: YamlPath, why: string): never => {
    throw new WorkflowRefused(file, pathText(path), lineAt(source, offsetOf(events, source, path)), why);
  };
  const { error, value } = definitionShape.validate(document, { convert: false });
  if (error) {
    const [first] = error.details;
    refuse(first?.path ?? [], ruleText(first?.type ?? '', first?.context ?? {}));
  }
  return { raw: value, refuse };
}

function parse(file: string, source: string): { events: readonly Event[]; document: unknown } {
  try {
    const events = parseEvents(source, {});
    const alias = events.find((event) => event.type === EVENT_ID.ALIAS);
    if (alias) YAMLException.throwAt(source, alias.anchorStart, 'aliases are not used: say it twice');
    const documents = constructFromEvents(events, { source });
    if (documents.length !== 1) YAMLException.throwAt(source, 0, 'is not one document');
    return { events, document: documents[0] };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new WorkflowRefused(file, '', (error.mark?.line ?? 0) + 1, error.reason);
  }
}

/** Where the deepest part of `path` begins that is written down. */
function offsetOf(events: readonly Event[], source: string, path: YamlPath): number {
  let at = 1; // behind the document's own event
  let found = startOf(events[at]);
  for (const step of path) {
    const child = childOf(events, source, at, step);
    if (child === undefined) break;
    at = child;
    found = startOf(events[at]);
  }
  return found;
}

/** The event at which the part `step` of the collection at `at` begins. */
function childOf(events: readonly Event[], source: string, at: number, step: string | number): number | undefined {
  const keyed = events[at]?.type === EVENT_ID.MAPPING;
  if (!keyed && events[at]?.type !== EVENT_ID.SEQUENCE) return undefined;
  let index = 0;
  for (let child = at + 1; events[child]?.type !== EVENT_ID.POP; index += 1) {
    const key = events[child];
    const value = keyed ? child + 1 : child;
    const name = key?.type === EVENT_ID.SCALAR && keyed ? getScalarValue(source, key) : index;
    if (name === step) return value;
    child = after(events, value);
  }
  return undefined;
}

/** The event behind everything that the one at `at` opens. */
function after(events: readonly Event[], at: number): number {
  let depth = 0;
  for (let next = at; next < events.length; next += 1) {
    const type = events[next]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1;
    if (type === EVENT_ID.POP) depth -= 1;
    if (depth === 0) return next + 1;
  }
  return events.length;
}

function startOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if ('start' in event) return event.start;
  return 'valueStart' in event ? event.valueStart : 0;
}

const lineAt = (source: string, offset: number): number => source.slice(0, Math.max(0, offset)).split('\n').length;

/** `states.intake.on["case.triaged"][0].target` */
function pathText(path: YamlPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `["${part}"]`))
    .join('')
    .replace(/^\./, '');
}

/** Joi's rule in words, without the value that broke it. */
function ruleText(type: string, context: Record<string, unknown>): string {
  if (type === 'any.required') return 'is missing';
  if (type === 'object.unknown') return 'is not a part of a workflow';
  if (type === 'any.only') return `must be one of ${(context.valids as unknown[]).join(', ')}`;
  return `does not fit (${type})`;
}
