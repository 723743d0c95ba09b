import { useQuery } from '@tanstack/react-query';
import { Alert, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Waiting } from '../../ground/ui.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import './figures.css';
import { FreezeTimes } from './freeze-times.js';
import { OpenCases } from './open-cases.js';

const TEXTS = textsOf('figures', {
  title: { 'zh-CN': '数据', en: 'Figures' },
  lead: {
    'zh-CN': '从报告到交易所确认冻结用了多久，以及现在还有哪些案件没有结束。',
    en: 'How long it takes from a report to the freeze that the exchange confirmed, and what is open now.',
  },
  period: { 'zh-CN': '时间范围', en: 'Period' },
  days: { 'zh-CN': '{{n}} 天', en: '{{n}} days' },
  wait: { 'zh-CN': '正在计算……', en: 'Counting …' },
  partial: {
    'zh-CN': '案件太多，时间只取自最新的 {{n}} 个案件，最早的几天不完整。',
    en: 'There were too many cases to look at: times are those of the newest {{n}}, and the oldest days lack some.',
  },
});

const PERIODS = [7, 30, 90] as const;
type Period = (typeof PERIODS)[number];

/** Two questions, each answered by a chart and by the table behind it. */
export function FiguresPage(): ReactNode {
  const say = useTexts(TEXTS);
  const [days, setDays] = useState<Period>(30);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { data, error, refetch } = useQuery({
    queryKey: ['readFigures', days, timeZone],
    queryFn: () => call('readFigures', { query: { days, timeZone } }),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  return (
    <>
      <PageTitle
        title={say('title')}
        lead={say('lead')}
        acts={
          <Segmented<Period>
            aria-label={say('period')}
            value={days}
            onChange={setDays}
            options={PERIODS.map((value) => ({ value, label: say('days', { n: value }) }))}
          />
        }
      />
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      {!data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      {data?.partial ? <Alert type="warning" showIcon title={say('partial', { n: data.reported })} /> : null}
      {data ? (
        <>
          <FreezeTimes figures={data} />
          <OpenCases figures={data} />
        </>
      ) : null}
    </>
  );
}
