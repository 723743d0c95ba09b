import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Waiting } from '../../ground/ui.js';
import { Trouble } from '../../staff/trouble.js';

const TEXTS = textsOf('erasure-state', {
  title: { 'zh-CN': '抹除进度', en: 'How far it is' },
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  underway: { 'zh-CN': '正在抹除，已抹除 {{n}} 项', en: 'Under way: {{n}} openings erased so far' },
  done: { 'zh-CN': '已完成：抹除了 {{n}} 项', en: 'Done: {{n}} openings erased' },
  kept: { 'zh-CN': '因法律保全保留了 {{n}} 项', en: '{{n}} openings kept because of a legal hold' },
  at: { 'zh-CN': '完成时间：', en: 'Done at ' },
});

const OFTEN_MS = 2_000;

/** How far one erasure is; looks again until it is done. Each look is recorded. */
export function ErasureState({ erasureId }: { readonly erasureId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({
    queryKey: ['showErasure', erasureId],
    queryFn: () => call('showErasure', { params: { erasureId } }),
    refetchInterval: ({ state }) => (state.data?.doneAt ? false : OFTEN_MS),
    refetchOnWindowFocus: false,
  });
  return (
    <section className="sheet" aria-label={say('title')} aria-live="polite">
      <h2>{say('title')}</h2>
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      {!data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      {data ? (
        <Alert
          type={data.doneAt ? 'success' : 'info'}
          showIcon
          title={say(data.doneAt ? 'done' : 'underway', { n: data.erased })}
          description={
            <>
              <code>{data.personId}</code>
              {data.kept ? <p>{say('kept', { n: data.kept })}</p> : null}
              {data.doneAt ? (
                <p>
                  {say('at')}
                  <Time at={data.doneAt} />
                </p>
              ) : null}
            </>
          }
        />
      ) : null}
    </section>
  );
}
