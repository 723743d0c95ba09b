import type { CaseLine } from '../case-types.js';

/** Cases as far as they were loaded, newest first, and where the next page begins. */
export interface Listed {
  readonly lines: readonly CaseLine[];
  readonly next?: string | undefined;
  /** Came while somebody was looking. */
  readonly fresh: ReadonlySet<string>;
  /** Cursors of the pages that were loaded, each with the last case before it. */
  readonly marks: readonly { readonly after: CaseLine; readonly cursor: string }[];
}

export interface Page {
  readonly cases: readonly CaseLine[];
  readonly next?: string;
}

/** The order of the API: when they were opened, then id, both falling. */
const isBefore = (a: CaseLine, b: CaseLine): boolean =>
  a.openedAt === b.openedAt ? a.caseId > b.caseId : a.openedAt > b.openedAt;

export const firstPage = ({ cases, next }: Page): Listed => ({ lines: cases, next, fresh: new Set(), marks: [] });

export function withNext(listed: Listed, page: Page): Listed {
  const after = listed.lines.at(-1);
  if (!after || listed.next === undefined) return listed;
  return {
    ...listed,
    lines: [...listed.lines, ...page.cases.filter((line) => isBefore(after, line))],
    next: page.next,
    marks: [...listed.marks, { after, cursor: listed.next }],
  };
}

/**
 * The first page, read again: new cases come on top, changed ones stand in place of what they were, and what no longer answers
 * to the filter goes. Should more have come than a page holds, the list begins anew.
 */
export function withHead(listed: Listed, page: Page): Listed {
  const known = new Set(listed.lines.map(({ caseId }) => caseId));
  const whole = page.next === undefined || page.cases.some(({ caseId }) => known.has(caseId));
  if (!whole) return firstPage(page);
  const came = page.cases.filter(({ caseId }) => !known.has(caseId)).map(({ caseId }) => caseId);
  const fresh = came.length > 0 ? new Set([...listed.fresh, ...came]) : listed.fresh;
  return { ...inPlace(listed, page, undefined), fresh };
}

/** A page in the middle, read again from one of the marks. */
export const withPage = (listed: Listed, page: Page, after: CaseLine): Listed => inPlace(listed, page, after);

function inPlace(listed: Listed, page: Page, after: CaseLine | undefined): Listed {
  const last = page.cases.at(-1);
  const before = after ? listed.lines.filter((line) => !isBefore(after, line)) : [];
  const beyond = page.next === undefined || !last ? [] : listed.lines.filter((line) => isBefore(last, line));
  const lines = [...before, ...page.cases, ...beyond];
  return { ...listed, lines, next: beyond.length > 0 ? listed.next : page.next };
}

/** The mark to read again from for what stands at a place of the list; undefined: the first page has it. */
export function markFor({ lines, marks }: Listed, index: number): Listed['marks'][number] | undefined {
  const line = lines[index];
  return line && marks.findLast(({ after }) => isBefore(after, line));
}
