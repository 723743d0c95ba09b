import type { Request } from 'express';
import type Joi from 'joi';
import { kernelProblem } from './problem.js';
import type { AnyRoute } from './route.js';

/** Deeper JSON than any of ours; what is deeper was made to hurt. */
const DEEPEST_JSON = 32;

/**
 * Validated parameters, query and body as one value; `request` itself stays untouched (Express 5 makes `query` a getter).
 *
 * @throws Problem `invalid_request` with `issues: [{ in, path, rule, message }]`, never with the raw input
 */
export function readInput(
  route: AnyRoute<never>,
  request: Request,
): { params: unknown; query: unknown; body: unknown } {
  const issues: Issue[] = [];
  const input = {
    params: check('params', route.params, request.params, true, issues),
    query: check('query', route.query, request.query, true, issues),
    body: check('body', route.body, request.body ?? {}, false, issues),
  };
  if (issues.length > 0) throw kernelProblem('invalid_request', { extra: { issues: issues.slice(0, 50) } });
  return input;
}

/** The same check for a payload that a re-verification is asked for. */
export function checkPayload(
  route: AnyRoute<never>,
  params: unknown,
  body: unknown,
): { params: unknown; body: unknown } {
  const issues: Issue[] = [];
  const checked = {
    params: check('params', route.params, params ?? {}, true, issues),
    body: check('body', route.body, body ?? {}, false, issues),
  };
  if (issues.length > 0) throw kernelProblem('invalid_request', { extra: { issues: issues.slice(0, 50) } });
  return checked;
}

interface Issue {
  in: string;
  path: string;
  rule: string;
  message: string;
}

/** Text is converted to numbers and the like only where everything arrives as text: in paths and queries. */
function check(
  where: string,
  schema: Joi.Schema | undefined,
  value: unknown,
  convert: boolean,
  issues: Issue[],
): unknown {
  const hostile = hostileAt(value);
  if (hostile) {
    issues.push({ in: where, ...hostile });
    return undefined;
  }
  if (!schema) {
    const unknown = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    for (const name of where === 'query' ? unknown : []) {
      issues.push({ in: where, path: label(name), rule: 'object.unknown', message: 'is not known here' });
    }
    return undefined;
  }
  const { value: checked, error } = schema.validate(value, {
    abortEarly: false,
    convert,
    errors: { wrap: { label: '' } },
  });
  for (const { path, type, context } of error?.details ?? []) {
    issues.push({ in: where, path: path.map(label).join('.'), rule: type, message: explain(type, context) });
  }
  return checked;
}

/** Names come from the caller too when they are unknown ones. */
const label = (name: string | number): string =>
  String(name)
    .replace(/[^\w-]/g, '?')
    .slice(0, 60);

/** Our own words for a rule, with its limit; Joi's message would repeat the input. */
function explain(rule: string, context: Joi.Context | undefined): string {
  const limit = typeof context?.['limit'] === 'number' ? ` (${context['limit']})` : '';
  const valids = Array.isArray(context?.['valids'])
    ? `: ${context['valids'].filter((v) => typeof v === 'string').join(', ')}`
    : '';
  const [kind = '', what = ''] = rule.split('.');
  const sentences: Record<string, string> = {
    required: 'is missing',
    unknown: 'is not known here',
    only: `must be one of the values allowed${valids}`,
    base: `must be a ${kind}`,
    empty: 'must not be empty',
    max: `is too large or too long${limit}`,
    min: `is too small or too short${limit}`,
    length: `must have the exact length${limit}`,
    isoDate: 'must be a date and time in ISO 8601',
    email: 'must be an e-mail address',
    unique: 'repeats an entry',
  };
  if (what === 'pattern' || rule.includes('pattern')) return 'does not have the form that is asked for';
  return sentences[what] ?? 'does not fit';
}

/** Where text stands that could not be kept as it came (NUL, half a surrogate pair), or where nesting is too deep. */
function hostileAt(root: unknown): Omit<Issue, 'in'> | undefined {
  const stack: { value: unknown; path: string[] }[] = [{ value: root, path: [] }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, path } = next;
    const at = () => path.map(label).join('.');
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
      return { path: at(), rule: 'text.malformed', message: 'has a NUL or half a character' };
    }
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= DEEPEST_JSON)
      return { path: path.slice(0, 3).map(label).join('.'), rule: 'json.depth', message: 'is nested too deeply' };
    for (const [name, inner] of Object.entries(value)) {
      if (name === '__proto__' || name.includes('\0') || !name.isWellFormed())
        return { path: at(), rule: 'text.malformed', message: 'has a malformed name' };
      stack.push({ value: inner, path: [...path, name] });
    }
  }
  return undefined;
}
