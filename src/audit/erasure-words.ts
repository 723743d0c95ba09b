import type { Text } from '../kernel/locale.js';
import { type AuditEvent, type Opening, SOURCE_ADDRESS } from './words.js';

/** Why a person's data is erased. A closed list: a reason in words would be personal data itself. */
export const ERASURE_GROUNDS = ['request', 'retention', 'order'] as const;
export type ErasureGround = (typeof ERASURE_GROUNDS)[number];

export const GROUND_TEXTS: Readonly<Record<ErasureGround, Text>> = {
  request: { 'zh-CN': '应本人要求', en: 'because the person asked for it' },
  retention: { 'zh-CN': '因保存期限已过', en: 'because the time to keep it is over' },
  order: { 'zh-CN': '依主管机关命令', en: 'because an authority ordered it' },
};

/** One order to erase what opens a person's commitments. */
export interface ErasureDoc {
  readonly _id: string;
  readonly personId: string;
  readonly ground: ErasureGround;
  readonly askedBy: string;
  /** What was recorded after this instant is not erased by it. */
  readonly askedAt: Date;
  /** Transactions that erased something. */
  readonly batches: number;
  /** Openings. */
  readonly erased: number;
  /** Openings of cases under legal hold, known once it is done. */
  readonly kept: number | null;
  readonly doneAt: Date | null;
}

/** Whom an erasure is about, as far as the log itself tells. */
export interface Subject {
  readonly personId: string;
  /** Cases of their account, and those they reported themselves. */
  readonly caseIds: ReadonlySet<string>;
  /** The addresses they registered or were invited with: acts before the sign-in name nobody else. */
  readonly emails: ReadonlySet<string>;
}

/**
 * Which openings of an event are personal data of the subject.
 *
 * The address an act came from is the actor's; everything else is about the person the event names, or whose case it is. What staff did in
 * other people's cases keeps its reasons.
 */
export function openingsOfSubject(event: AuditEvent, openings: readonly Opening[], subject: Subject): Opening[] {
  const { actor, caseId } = event;
  const named = personNamed(event);
  const acted = actor.kind === 'person' && actor.id === subject.personId;
  const about =
    named === undefined
      ? (caseId !== undefined && subject.caseIds.has(caseId)) || openings.some((opening) => isEmailOf(opening, subject))
      : named === subject.personId;
  const ownWords = acted && named === undefined && (caseId === undefined || actor.roles.includes('customer'));
  return openings.filter(({ field }) => {
    if (field === SOURCE_ADDRESS) return acted || (about && actor.kind === 'anonymous');
    return about || ownWords;
  });
}

/** The person an event is about, where it names one. */
export function personNamed({ target, facts }: AuditEvent): string | undefined {
  if (target?.kind === 'person') return target.id;
  return typeof facts['personId'] === 'string' ? facts['personId'] : undefined;
}

const isEmailOf = ({ field, value }: Opening, { emails }: Subject): boolean => field === 'email' && emails.has(value);

/** What the reader of an event sees in the place of what was erased. */
export const erasedText = (at: Date): Text => {
  const day = at.toISOString().slice(0, 10);
  return { 'zh-CN': `已于 ${day} 抹除`, en: `erased on ${day}` };
};
