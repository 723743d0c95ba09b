import { type Actor, isStaff } from '../kernel/actor.js';
import type { IncidentKind } from '../workflow/index.js';
import { readCaseNumber } from './case-number.js';
import type { CaseContext } from './context.js';
import { definitionOf } from './facts.js';
import { caseProblem } from './problems.js';
import { findCases } from './store.js';
import { type CaseLine, caseLine } from './view.js';
import { type CaseDoc, STEPS } from './words.js';

export interface CaseFilter {
  /** A state (`freeze-account.frozen`) or a whole step (`freeze-account`). */
  readonly state?: string | undefined;
  readonly kind?: IncidentKind | undefined;
  /** A person id, `me`, or `nobody`. */
  readonly assigned?: string | undefined;
  /** A case number, as people write it. */
  readonly number?: string | undefined;
  /** Only cases under legal hold; nothing to a customer. */
  readonly legalHold?: true | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface CasePage {
  cases: CaseLine[];
  next?: string;
}

/**
 * One page of cases, newest first: all of them for staff, their own for a customer. Ordered by when they were opened, which
 * never changes, so no page repeats or loses a case.
 * @throws Problem `cursor_not_valid`
 */
export async function listCases(ctx: CaseContext, actor: Actor, filter: CaseFilter): Promise<CasePage> {
  const found = await findCases(ctx.db, conditions(actor, filter), filter.limit + 1);
  const docs = found.slice(0, filter.limit);
  const last = docs.at(-1);
  return {
    cases: docs.map((doc) => forReader(actor, caseLine(doc, { definition: definitionOf(ctx, doc) }))),
    ...(found.length > filter.limit && last && { next: cursorOf(last) }),
  };
}

/** Who works on it and what compliance has said is not for customers. */
function forReader(actor: Actor, line: CaseLine): CaseLine {
  if (isStaff(actor)) return line;
  const { assignee: _, legalHold: __, legalHoldSince: ___, ...own } = line;
  return own;
}

function conditions(
  actor: Actor,
  { state, kind, assigned, number, legalHold, cursor }: CaseFilter,
): Record<string, unknown> {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  return {
    ...(!isStaff(actor) && { customerId: actor.id }),
    ...(state !== undefined && { state: stateCondition(state) }),
    ...(kind !== undefined && { kind }),
    ...(assigned !== undefined && isStaff(actor) && { assignee: assigneeCondition(actor, assigned) }),
    ...(legalHold && isStaff(actor) && { 'legalHold.setAt': { $gt: new Date(0) } }),
    ...(number !== undefined && { number: readCaseNumber(number) ?? '' }),
    ...(after && {
      openedAt: { $lte: after.openedAt },
      $or: [{ openedAt: { $lt: after.openedAt } }, { openedAt: after.openedAt, _id: { $lt: after._id } }],
    }),
  };
}

/** A whole step is a range of names: `.` is followed by `/`. */
const stateCondition = (state: string) =>
  state !== 'closed' && (STEPS as readonly string[]).includes(state) ? { $gte: `${state}.`, $lt: `${state}/` } : state;

const assigneeCondition = (actor: Actor, assigned: string) =>
  assigned === 'nobody' ? { $exists: false } : assigned === 'me' ? actor.id : assigned;

type Position = Pick<CaseDoc, 'openedAt' | '_id'>;

const cursorOf = ({ openedAt, _id }: Position): string =>
  Buffer.from(`${openedAt.getTime()}.${_id}`).toString('base64url');

/** @throws Problem `cursor_not_valid` for anything `cursorOf` did not make */
function positionOf(cursor: string): Position {
  const [, time, id] =
    /^(\d{1,15})\.(case_[0-9a-f]{24})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const position = { openedAt: new Date(Number(time)), _id: id ?? '' };
  if (time === undefined || cursorOf(position) !== cursor) throw caseProblem('cursor_not_valid');
  return position;
}
