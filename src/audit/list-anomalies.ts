import { HOUR } from '../kernel/clock.js';
import { inside } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import {
  ANOMALY_TEXTS,
  type AnomalyKind,
  BREAK_GLASS_OPENED,
  CASE_ASSIGNED,
  CASE_OPENED,
  isOdd,
  isOutside,
  isOwnDoing,
  isStaffAct,
  isView,
  type Limits,
  localTimeIn,
  RELEASE_APPROVED,
} from './anomaly-words.js';
import { cursorOf, positionOf } from './cursor.js';
import { anomaliesListed } from './events.js';
import { AuditEvents, findEvents, type Position } from './store.js';
import { readEvent } from './verify-event.js';
import type { AnomalyPageView, AnomalyView } from './view.js';
import type { AuditEvent } from './words.js';

/** Events that one page looks through at most. */
const LOOKED_THROUGH = 10_000;

/** Events that are read at once. */
const PIECE = 500;

/** Events that are named for one finding; `count` says how many there are. */
const NAMED = 20;

export interface AnomalyRequest extends Limits {
  readonly from: Date;
  readonly to: Date;
  readonly cursor?: string | undefined;
}

/**
 * Lists what staff did that deserves a look, newest first. It accuses nobody.
 *
 * Acts of one person are put together: by case outside of theirs, by day at odd hours, by clock hour where they looked at much. A page
 * counts only what it looked through.
 * @throws Problem `cursor_not_valid` · `time_zone_not_valid`
 * Audited as `audit.anomalies-listed`, in the same transaction.
 */
export async function listAnomalies(tx: Tx, { from, to, cursor, ...limits }: AnomalyRequest): Promise<AnomalyPageView> {
  const found = new Findings(limits);
  let position: Position | undefined = cursor === undefined ? undefined : positionOf(cursor);
  let lookedThrough = 0;
  let more = true;
  while (more && lookedThrough < LOOKED_THROUGH) {
    const rows = await findEvents(tx, { from, to }, position, PIECE);
    const last = rows.at(-1);
    if (last) position = { at: last.at, id: last._id };
    lookedThrough += rows.length;
    more = rows.length === PIECE;
    const events = rows.flatMap(({ bytes }) => readEvent(bytes) ?? []).filter(isStaffAct);
    const cases = await casesOf(tx, events);
    for (const event of events) found.take(event, cases.get(event.caseId ?? ''));
  }
  const anomalies = found.all();
  tx.record(anomaliesListed({ from, to, ...limits }, lookedThrough, anomalies.length));
  return { anomalies, lookedThrough, ...(more && position && { next: cursorOf(position) }) };
}

interface CaseStory {
  openedAt?: Date;
  /** Oldest first. */
  readonly assigned: { at: Date; to: string | undefined }[];
}

async function casesOf(tx: Tx, events: readonly AuditEvent[]): Promise<Map<string, CaseStory>> {
  const ids = [...new Set(events.flatMap(({ caseId }) => caseId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await AuditEvents(tx)
    .collection.find(
      { caseId: { $in: ids }, action: { $in: [CASE_OPENED, CASE_ASSIGNED] } },
      { ...inside(tx), promoteBuffers: true, sort: { at: 1, _id: 1 } },
    )
    .toArray();
  const stories = new Map<string, CaseStory>();
  for (const row of rows) {
    const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
    if (!event?.caseId) continue;
    const story = stories.get(event.caseId) ?? { assigned: [] };
    stories.set(event.caseId, story);
    const at = new Date(event.at);
    const { to } = event.facts;
    if (event.action === CASE_OPENED) story.openedAt ??= at;
    else story.assigned.push({ at, to: typeof to === 'string' ? to : undefined });
  }
  return stories;
}

class Findings {
  readonly #limits: Limits;
  readonly #localTime: ReturnType<typeof localTimeIn>;
  readonly #found = new Map<string, AnomalyView>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#localTime = localTimeIn(limits.timeZone);
  }

  take(event: AuditEvent, story: CaseStory | undefined): void {
    const at = new Date(event.at);
    const time = this.#localTime(at);
    if (event.action === BREAK_GLASS_OPENED) this.#add('break-glass', event, event.id);
    if (event.action === RELEASE_APPROVED && isYoung(at, story, this.#limits))
      this.#add('young-release', event, event.id);
    if (isOutside(event, assigneeAt(at, story))) this.#add('outside-case', event, event.caseId ?? '');
    if (isOwnDoing(event) && isOdd(time, this.#limits)) this.#add('odd-hours', event, time.day);
    if (isView(event)) this.#add('many-views', event, String(Math.floor(at.getTime() / HOUR)));
  }

  all(): AnomalyView[] {
    return [...this.#found.values()].filter(
      ({ kind, count }) => kind !== 'many-views' || count > this.#limits.viewsPerHour,
    );
  }

  /** Events come newest first. */
  #add(kind: AnomalyKind, { id, at, actor, caseId }: AuditEvent, together: string): void {
    const key = `${kind} ${actor.id} ${together}`;
    const known = this.#found.get(key);
    if (!known) {
      const says = ANOMALY_TEXTS[kind];
      const of = { kind, personId: actor.id, ...(caseId !== undefined && { caseId }) };
      this.#found.set(key, { ...of, first: at, last: at, count: 1, events: [id], says });
      return;
    }
    known.first = at;
    known.count += 1;
    if (known.caseId !== caseId) delete known.caseId;
    if (known.events.length < NAMED) known.events.push(id);
  }
}

const isYoung = (at: Date, story: CaseStory | undefined, { youngHours }: Limits): boolean =>
  story?.openedAt !== undefined && at.getTime() - story.openedAt.getTime() < youngHours * HOUR;

const assigneeAt = (at: Date, story: CaseStory | undefined): string | undefined =>
  story?.assigned.findLast((one) => one.at.getTime() <= at.getTime())?.to;
