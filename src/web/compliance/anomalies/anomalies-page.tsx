import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import { useFragment } from '../../staff/use-fragment.js';
import { AnomaliesTable } from './anomalies-table.js';
import { AnomalyForm } from './anomaly-form.js';
import { measuresOf, useAnomalies } from './use-anomalies.js';

const TEXTS = textsOf('anomalies', {
  title: { 'zh-CN': '异常', en: 'Anomalies' },
  lead: {
    'zh-CN': '员工做过的、值得看一眼的事。是否有问题由您判断。',
    en: 'What staff did that deserves a look. Whether anything is wrong with it is yours to judge.',
  },
  looked: { 'zh-CN': '已查看 {{looked}} 条事件，显示 {{n}} 项', en: 'Looked through {{looked}} events, {{n}} shown' },
  end: { 'zh-CN': '整段时间都已查看', en: 'all of the time was looked through' },
  more: { 'zh-CN': '继续往前查看', en: 'Go on looking' },
  zone: {
    'zh-CN': '没有这个时区。请使用 IANA 名称，例如 Asia/Shanghai。',
    en: 'There is no such time zone. Use an IANA name such as Asia/Shanghai.',
  },
});

/** What staff did that is unusual by measures that the reader sets; these stand in the address. */
export function AnomaliesPage(): ReactNode {
  const say = useTexts(TEXTS);
  const [values, setValues] = useFragment();
  const [now, setNow] = useState(() => Date.now());
  const measures = measuresOf(values, now);
  const { data, error, isFetching, isPending, hasNextPage, fetchNextPage, refetch } = useAnomalies(measures);
  const pages = data?.pages ?? [];
  const found = pages.flatMap(({ anomalies }) => anomalies);
  const kind = values['kind'];
  const shown = found.filter((one) => !kind || one.kind === kind);
  const looked = pages.reduce((sum, { lookedThrough }) => sum + lookedThrough, 0);
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      <AnomalyForm
        measures={measures}
        kind={kind}
        busy={isFetching}
        onLook={(next) => {
          setNow(Date.now());
          setValues(next);
        }}
      />
      {error ? (
        <Trouble problem={error} own={{ time_zone_not_valid: say('zone') }} onAgain={() => void refetch()} />
      ) : null}
      <AnomaliesTable anomalies={shown} loading={isPending && !error} />
      <div className="events-end">
        <p role="status">
          {say('looked', { looked, n: shown.length })}
          {hasNextPage || isPending ? null : ` · ${say('end')}`}
        </p>
        {hasNextPage ? (
          <Button loading={isFetching} onClick={() => void fetchNextPage()}>
            {say('more')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
