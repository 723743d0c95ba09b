import { memo, type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { textsOf, useLanguage, useSay, useTexts } from '../../ground/language.js';
import { formatDistance, formatTime } from '../../ground/time.js';
import type { CaseLine } from '../case-types.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-row', {
  fresh: { 'zh-CN': '新', en: 'new' },
  overdue: { 'zh-CN': '超时', en: 'overdue' },
  due: { 'zh-CN': '截止', en: 'due' },
  urgent: { 'zh-CN': '紧急', en: 'urgent' },
  nobody: { 'zh-CN': '无人负责', en: 'nobody' },
  legalHold: { 'zh-CN': '法律保全', en: 'legal hold' },
});

interface Props {
  readonly line: CaseLine;
  readonly index: number;
  readonly height: number;
  readonly selected: boolean;
  readonly fresh: boolean;
  readonly assignee: string | undefined;
  readonly now: number;
  readonly onSelect: (caseId: string) => void;
}

/** One case of the list; drawn many times a second while somebody scrolls, so nothing in it is heavier than it has to be. */
export const CaseRow = memo(function CaseRow(props: Props): ReactNode {
  const { line, index, height, selected, fresh, assignee, now, onSelect } = props;
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const word = useWords();
  const language = useLanguage();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (selected && (activeElement === document.body || activeElement?.closest('.case-rows')))
      link.current?.focus({ preventScroll: true });
  }, [selected]);
  const { caseId, number, state, urgent, reports, legalHold } = line;
  const overdue = state.due !== undefined && Date.parse(state.due) < now;
  return (
    <tr
      aria-rowindex={index + 2}
      className={`case-row${selected ? ' selected' : ''}${fresh ? ' fresh' : ''}`}
      style={{ height }}
      data-case={caseId}
    >
      <td className="number">
        <Link
          href={`/desk/cases/${caseId}`}
          ref={link}
          aria-current={selected ? 'true' : undefined}
          onFocus={() => onSelect(caseId)}
        >
          {number}
        </Link>
        {fresh ? <span className="tag info">{say('fresh')}</span> : null}
      </td>
      <td className="kind">{word(line.kind)}</td>
      <td className="state">
        <span className={`tag step-${state.step}`}>{inWords(state.title)}</span>
      </td>
      <td className="when" title={formatTime(state.since, language)}>
        {formatDistance(state.since, language, Math.max(now, Date.parse(state.since)))}
      </td>
      <td className={overdue ? 'due overdue' : 'due'} title={state.due && formatTime(state.due, language)}>
        {state.due ? `${say(overdue ? 'overdue' : 'due')} ${formatDistance(state.due, language, now)}` : '–'}
      </td>
      <td className="flags">
        {urgent ? <span className="tag bad">{say('urgent')}</span> : null}
        {legalHold ? <span className="tag warn">{say('legalHold')}</span> : null}
      </td>
      <td className={assignee ? 'assignee' : 'assignee soft'}>{assignee ?? say('nobody')}</td>
      <td className="reports">{reports}</td>
    </tr>
  );
});
