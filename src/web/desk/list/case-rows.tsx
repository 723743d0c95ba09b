import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { useNames } from '../use-colleagues.js';
import { useNow } from '../use-now.js';
import type { Listed } from './case-lines.js';
import { CaseRow } from './case-row.js';

const TEXTS = textsOf('desk-rows', {
  cases: { 'zh-CN': '案件列表', en: 'Cases' },
  number: { 'zh-CN': '编号', en: 'Number' },
  kind: { 'zh-CN': '类型', en: 'Kind' },
  state: { 'zh-CN': '状态', en: 'State' },
  since: { 'zh-CN': '进入该状态', en: 'Since' },
  due: { 'zh-CN': '期限', en: 'Due' },
  flags: { 'zh-CN': '标记', en: 'Marks' },
  assignee: { 'zh-CN': '负责人', en: 'Assignee' },
  reports: { 'zh-CN': '报告数', en: 'Reports' },
});
const COLUMNS = ['number', 'kind', 'state', 'since', 'due', 'flags', 'assignee', 'reports'] as const;

/** Rows drawn above and below what is seen, so that a fast hand sees no gap. */
const MARGIN = 8;
/** From how many rows before the end the next page is asked for. */
const AHEAD = 40;
const HEIGHTS = { wide: 40, narrow: 96 } as const;
const AGE_MS = 30_000;
const narrow = matchMedia('(max-width: 60rem)');

interface Props {
  readonly listed: Listed;
  readonly selected: string | undefined;
  readonly scrollTop: number;
  readonly onSelect: (caseId: string) => void;
  readonly onScroll: (top: number, firstRow: number) => void;
  readonly onEnd: () => void;
}

/** The list as a table of which only what is seen exists; native scrolling, rows of one height. */
export function CaseRows({ listed, selected, scrollTop, onSelect, onScroll, onEnd }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const name = useNames();
  const now = useNow(AGE_MS);
  const height = useRowHeight();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ first: Math.floor(scrollTop / height), count: 30 });
  const { lines, fresh } = listed;

  const look = () => {
    const { scrollTop: top = 0, clientHeight = 0 } = box.current ?? {};
    const first = Math.floor(top / height);
    const count = Math.ceil(clientHeight / height) + 1;
    setView((before) => (before.first === first && before.count === count ? before : { first, count }));
    onScroll(top, first);
    if (first + count + AHEAD > lines.length) onEnd();
  };
  const restored = useRef(scrollTop);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = restored.current;
  }, []);
  useEffect(look);
  useEffect(() => {
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  });

  useKeptPlace(box, lines, height);
  // Only when the selection moves: scrolling away from it is anybody's right.
  const shown = useRef(selected);
  useEffect(() => {
    if (shown.current === selected || !box.current) return;
    shown.current = selected;
    const index = lines.findIndex(({ caseId }) => caseId === selected);
    if (index < 0) return;
    const { scrollTop: top, clientHeight } = box.current;
    const end = (index + 1) * height + HEIGHTS.wide; // the header row sticks
    if (index * height < top) box.current.scrollTop = index * height;
    else if (end > top + clientHeight) box.current.scrollTop = end - clientHeight;
  });

  const from = Math.max(0, view.first - MARGIN);
  const seen = lines.slice(from, view.first + view.count + MARGIN);
  return (
    <div className="case-rows" ref={box} onScroll={look}>
      <table aria-label={say('cases')} aria-rowcount={listed.next === undefined ? lines.length + 1 : -1}>
        <thead>
          <tr aria-rowindex={1} style={{ height: HEIGHTS.wide }}>
            {COLUMNS.map((column) => (
              <th scope="col" key={column} className={column}>
                {say(column)}
              </th>
            ))}
          </tr>
        </thead>
        <Gap rows={from} height={height} />
        <tbody>
          {seen.map((line, at) => (
            <CaseRow
              key={line.caseId}
              line={line}
              index={from + at}
              height={height}
              selected={line.caseId === selected}
              fresh={fresh.has(line.caseId)}
              assignee={line.assignee && name(line.assignee)}
              now={now}
              onSelect={onSelect}
            />
          ))}
        </tbody>
        <Gap rows={lines.length - from - seen.length} height={height} />
      </table>
    </div>
  );
}

/** Stands for rows that nobody sees, so that the scroll bar tells the truth. */
function Gap({ rows, height }: { readonly rows: number; readonly height: number }): ReactNode {
  return rows > 0 ? (
    <tbody aria-hidden="true" className="gap">
      <tr>
        <td colSpan={COLUMNS.length} style={{ height: rows * height }} />
      </tr>
    </tbody>
  ) : null;
}

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(narrow.matches);
  useEffect(() => {
    const changed = () => setNarrow(narrow.matches);
    narrow.addEventListener('change', changed);
    return () => narrow.removeEventListener('change', changed);
  }, []);
  return isNarrow ? HEIGHTS.narrow : HEIGHTS.wide;
}

/** Whoever has scrolled down keeps what they look at in place when new cases come on top. */
function useKeptPlace(box: React.RefObject<HTMLDivElement | null>, lines: Listed['lines'], height: number): void {
  const top = useRef(lines[0]?.caseId);
  useLayoutEffect(() => {
    const before = top.current;
    top.current = lines[0]?.caseId;
    if (!box.current || box.current.scrollTop === 0 || before === top.current) return;
    const came = lines.findIndex(({ caseId }) => caseId === before);
    if (came > 0) box.current.scrollTop += came * height;
  }, [box, lines, height]);
}
