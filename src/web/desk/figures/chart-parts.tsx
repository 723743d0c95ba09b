import { Button } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import type { Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';

export type Figures = Reply<'readFigures'>;

const TEXTS = textsOf('figures-chart', {
  show: { 'zh-CN': '显示表格', en: 'Show the table' },
  hide: { 'zh-CN': '收起表格', en: 'Hide the table' },
  instant: { 'zh-CN': '不到 1 秒', en: 'under 1 s' },
  seconds: { 'zh-CN': '{{n}} 秒', en: '{{n}} s' },
  minutes: { 'zh-CN': '{{n}} 分钟', en: '{{n}} min' },
  hours: { 'zh-CN': '{{n}} 小时', en: '{{n}} h' },
  none: { 'zh-CN': '—', en: '—' },
});

const MINUTE = 60;
const HOUR = 3_600;

/** A number of seconds in the unit that fits; a dash for none. */
export function useDuration(): (seconds: number | null | undefined) => string {
  const say = useTexts(TEXTS);
  const short = (value: number) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  return (seconds) => {
    if (seconds === null || seconds === undefined) return say('none');
    if (seconds < 1) return say('instant');
    if (seconds < 2 * MINUTE) return say('seconds', { n: seconds });
    if (seconds < 2 * HOUR) return say('minutes', { n: short(seconds / MINUTE) });
    return say('hours', { n: short(seconds / HOUR) });
  };
}

interface Props {
  readonly title: string;
  readonly summary?: ReactNode;
  /** Drawn for those who see it; everybody can have the table. */
  readonly chart: ReactNode;
  readonly table: ReactNode;
  /** Said in the place of the chart when there is nothing to draw. */
  readonly empty?: string | undefined;
}

/** A question, its chart, and the same numbers as a table that is one press away. */
export function ChartSheet({ title, summary, chart, table, empty }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className="sheet chart-sheet" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Button size="small" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {say(open ? 'hide' : 'show')}
        </Button>
      </header>
      {summary}
      {empty ? (
        <p className="soft">{empty}</p>
      ) : (
        <div className="chart" aria-hidden="true">
          {chart}
        </div>
      )}
      <div id={id} hidden={!open}>
        {table}
      </div>
    </section>
  );
}
