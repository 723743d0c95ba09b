import { type Actor, isStaff } from '../kernel/actor.js';
import type { Text } from '../kernel/locale.js';
import { caseFor } from './case-for.js';
import type { CaseContext } from './context.js';
import { definitionOf } from './facts.js';
import { noteView } from './note-view.js';
import { messagesOfCase } from './store.js';
import { type MessageView, messageView } from './view.js';
import type { CaseDoc, HistoryEntry } from './words.js';

export interface TimelineEntry {
  at: string;
  /** Who, as far as the reader may know: staff read ids, customers only which side it was. */
  by: { side: 'customer' | 'staff' | 'system' | 'reporter'; id?: string };
  event?: string;
  from?: string;
  to?: string;
  /** The title of the state it led to, when it led to another. */
  title?: Text;
  message?: MessageView;
}

/** What staff settle among themselves; customers see what became of it. */
const INTERNAL: readonly HistoryEntry['event'][] = [
  'case.assigned',
  'legal-hold.set',
  'legal-hold.lifted',
  'account.linked',
  'retention.set',
  'evidence.expired',
  'hold.confirmed',
  'hold.partial',
  'hold.unconfirmed',
  'hold.refused',
  'hold.expired',
  'hold.cancelled',
];

/**
 * The story of a case in the order it happened: its own history and its messages.
 * @throws Problem `case_not_found`
 * Audited as `case.viewed` when staff who do not work on it look.
 */
export async function timeline(ctx: CaseContext, actor: Actor, caseId: string): Promise<{ entries: TimelineEntry[] }> {
  const doc = await caseFor(ctx.db, actor, caseId);
  await noteView(ctx, actor, doc);
  const staff = isStaff(actor);
  const messages = (await messagesOfCase(ctx.db, caseId)).filter(({ audience }) => staff || audience === 'customer');
  const happened = doc.history.filter(({ event }) => staff || !INTERNAL.includes(event));
  const entries = [
    ...happened.map((entry) => eventEntry(ctx, doc, entry, staff)),
    ...messages.map((message) => ({
      at: message.at.toISOString(),
      by: { side: message.from, ...(staff && { id: message.authorId }) },
      message: messageView(message, staff),
    })),
  ];
  return { entries: entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
}

function eventEntry(
  ctx: CaseContext,
  doc: CaseDoc,
  { at, event, by, from, to }: HistoryEntry,
  staff: boolean,
): TimelineEntry {
  const title = definitionOf(ctx, doc).states[to]?.title;
  return {
    at: at.toISOString(),
    by: { side: sideOf(doc, by), ...(staff && { id: by.id }) },
    event,
    from,
    to,
    ...(from !== to && title && { title }),
  };
}

function sideOf(doc: CaseDoc, { kind, id }: HistoryEntry['by']): TimelineEntry['by']['side'] {
  if (kind === 'system') return 'system';
  if (kind === 'anonymous') return 'reporter';
  return id === doc.customerId ? 'customer' : 'staff';
}
