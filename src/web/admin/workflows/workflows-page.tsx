import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Waiting } from '../../ground/ui.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import type { Workflow } from './place-states.js';
import { WorkflowView } from './workflow-view.js';

const TEXTS = textsOf('workflows', {
  title: { 'zh-CN': '流程', en: 'Workflows' },
  lead: {
    'zh-CN': '每类事件一个流程。案件一直按开立时的版本走到结束。',
    en: 'One for each kind of incident. A case keeps, to its end, the version it was opened with.',
  },
  kinds: { 'zh-CN': '流程列表', en: 'The workflows' },
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  older: { 'zh-CN': '{{version}} 版（旧）', en: 'version {{version}} (older)' },
});

const keyOf = ({ kind, version, current }: Workflow): string => (current ? kind : `${kind}@${version}`);

/** Every workflow, one at a time. Older versions come last: running cases may still be on them. */
export function WorkflowsPage({ kind }: { readonly kind: string | undefined }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const { data, error, refetch } = useQuery({
    queryKey: ['listWorkflows'],
    queryFn: () => call('listWorkflows'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const workflows = data?.workflows ?? [];
  const shown = workflows.find((workflow) => keyOf(workflow) === kind) ?? workflows[0];
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      {!data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      <nav className="workflow-kinds" aria-label={say('kinds')}>
        {workflows.map((workflow) => (
          <Link
            key={keyOf(workflow)}
            href={`/admin/workflows/${keyOf(workflow)}`}
            className={workflow === shown ? 'current' : ''}
            aria-current={workflow === shown ? 'page' : undefined}
          >
            {inWords(workflow.title)}
            {workflow.current ? null : <span className="small">{say('older', { version: workflow.version })}</span>}
          </Link>
        ))}
      </nav>
      {shown ? <WorkflowView key={keyOf(shown)} workflow={shown} /> : null}
    </>
  );
}
