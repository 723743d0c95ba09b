import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Waiting } from '../../ground/ui.js';
import { Trouble } from '../../staff/trouble.js';

const TEXTS = textsOf('hold-reason', {
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  why: { 'zh-CN': '保全原因：', en: 'Why it is held: ' },
});

/** Why a case is held, from the case itself; the look is recorded. */
export function HoldReason({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({
    queryKey: ['getCase', caseId],
    queryFn: () => call('getCase', { params: { caseId } }),
  });
  if (error) return <Trouble problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Waiting>{say('wait')}</Waiting>;
  return (
    <p>
      {say('why')}
      {'legalHoldReason' in data ? data.legalHoldReason : null}
    </p>
  );
}
