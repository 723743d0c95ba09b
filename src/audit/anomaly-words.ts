import type { Text } from '../kernel/locale.js';
import { auditProblem } from './problems.js';
import type { AuditEvent } from './words.js';

export const ANOMALY_KINDS = ['break-glass', 'young-release', 'outside-case', 'odd-hours', 'many-views'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/** What to show for each kind; what was usual and what was not is for people to judge. */
export const ANOMALY_TEXTS: Readonly<Record<AnomalyKind, Text>> = {
  'break-glass': { 'zh-CN': '紧急破窗查看了证据', en: 'opened evidence by breaking the glass' },
  'young-release': {
    'zh-CN': '案件开立不久即批准解冻',
    en: 'approved the release of a case that was opened not long before',
  },
  'outside-case': {
    'zh-CN': '在他人负责的案件中操作或查看',
    en: "worked or looked in a case that was somebody else's",
  },
  'odd-hours': { 'zh-CN': '在非工作时间操作', en: 'acted outside working hours' },
  'many-views': { 'zh-CN': '一小时内查看次数异常多', en: 'looked at unusually much within an hour' },
};

/** What counts as unusual; the reader may say. */
export interface Limits {
  /** Hours of the day, in `timeZone`, in which staff work: from the first up to, and without, the second. */
  readonly dayFrom: number;
  readonly dayTo: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly viewsPerHour: number;
  /** A case is young for so many hours. */
  readonly youngHours: number;
}

// Names of actions are all that this floor knows of the features above it.
export const CASE_OPENED = 'case.opened';
export const CASE_ASSIGNED = 'case.assigned';
export const BREAK_GLASS_OPENED = 'break-glass.opened';
export const RELEASE_APPROVED = 'release.approved';
/** Recorded when staff who do not work on a case open it. */
const CASE_VIEWED = 'case.viewed';
const SESSION_KEPT = 'session.refreshed';
const VIEW = /\.(viewed|previewed|read|listed|downloaded|[a-z-]+-read)$/;

/** Who is held to cases of their own. Approvers decide in those of others by duty; admins break the glass. */
const CASE_WORKERS: ReadonlySet<string> = new Set(['agent', 'analyst']);

export const isStaffAct = ({ actor }: AuditEvent): boolean =>
  actor.kind === 'person' && actor.roles.some((role) => role !== 'customer');

export const isView = ({ action, result }: AuditEvent): boolean => result === 'done' && VIEW.test(action);

/** Its program does this for whoever has a page open. */
export const isOwnDoing = ({ action }: AuditEvent): boolean => action !== SESSION_KEPT;

/** @param assignee  whose case it was at that instant; undefined: nobody's yet */
export function isOutside({ actor, action, caseId }: AuditEvent, assignee: string | undefined): boolean {
  if (caseId === undefined || action === CASE_ASSIGNED || !actor.roles.some((role) => CASE_WORKERS.has(role)))
    return false;
  return action === CASE_VIEWED ? assignee !== actor.id : assignee !== undefined && assignee !== actor.id;
}

export interface LocalTime {
  /** `2026-11-23` */
  readonly day: string;
  readonly hour: number;
}

/** No zone is off by less than a quarter of an hour, so each is asked for once. */
const QUARTER_MS = 15 * 60_000;

/** @throws Problem `time_zone_not_valid` */
export function localTimeIn(timeZone: string): (at: Date) => LocalTime {
  const format = formatIn(timeZone);
  const known = new Map<number, LocalTime>();
  return (at) => {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    const time = known.get(quarter) ?? readTime(format.format(quarter * QUARTER_MS));
    known.set(quarter, time);
    return time;
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const;
    return new Intl.DateTimeFormat('sv-SE', { ...parts, hourCycle: 'h23', timeZone });
  } catch (cause) {
    throw auditProblem('time_zone_not_valid', { cause });
  }
}

/** `2026-11-23 07` */
const readTime = (text: string): LocalTime => ({ day: text.slice(0, 10), hour: Number(text.slice(11, 13)) });

/** A day may go over midnight: from 20 to 4. */
export const isOdd = ({ hour }: LocalTime, { dayFrom, dayTo }: Limits): boolean =>
  dayFrom <= dayTo ? hour < dayFrom || hour >= dayTo : hour < dayFrom && hour >= dayTo;
