import type { ReactNode } from 'react';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Chip } from '../../staff/chip.js';
import { CopyText } from '../../staff/copy-text.js';
import { Diagram } from './diagram.js';
import type { Workflow } from './place-states.js';
import { StatesTable } from './states-table.js';
import { TransitionsTable } from './transitions-table.js';

const TEXTS = textsOf('workflow-view', {
  version: { 'zh-CN': '版本', en: 'Version' },
  current: { 'zh-CN': '当前', en: 'current' },
  older: { 'zh-CN': '旧版，仅用于已开立的案件', en: 'older, for cases that were opened with it' },
  hash: { 'zh-CN': '文件的 SHA-256', en: 'SHA-256 of its file' },
  urgent: { 'zh-CN': '立即冻结', en: 'Freezes at once' },
  yes: { 'zh-CN': '是，报告人通过重新验证后', en: 'yes, once the reporter has re-verified' },
  no: { 'zh-CN': '否', en: 'no' },
  freeze: { 'zh-CN': '默认冻结', en: 'Freezes by default' },
  hours: { 'zh-CN': '{{n}} 小时：', en: '{{n}} h: ' },
  accepted: { 'zh-CN': '证明身份', en: 'Proves identity' },
  or: { 'zh-CN': ' 或 ', en: ' or ' },
});

/** One workflow: its version and hash, the drawing, and the same as tables. */
export function WorkflowView({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const { title, version, sha256, current, urgent, freeze, accepted } = workflow;
  return (
    <section aria-label={inWords(title)}>
      <h2>{inWords(title)}</h2>
      <dl className="record sheet">
        <div>
          <dt>{say('version')}</dt>
          <dd>
            {version} <Chip kind={current ? 'good' : 'plain'}>{say(current ? 'current' : 'older')}</Chip>
          </dd>
        </div>
        <div>
          <dt>{say('hash')}</dt>
          <dd>
            <CopyText text={sha256} of={say('hash')} />
          </dd>
        </div>
        <div>
          <dt>{say('urgent')}</dt>
          <dd>{say(urgent ? 'yes' : 'no')}</dd>
        </div>
        <div>
          <dt>{say('freeze')}</dt>
          <dd>
            {say('hours', { n: freeze.hours })}
            <code>{freeze.scopes.join(', ')}</code>
          </dd>
        </div>
        <div>
          <dt>{say('accepted')}</dt>
          <dd>
            <code>{accepted.map((combination) => combination.join(' + ')).join(say('or'))}</code>
          </dd>
        </div>
      </dl>
      <Diagram workflow={workflow} />
      <StatesTable workflow={workflow} />
      <TransitionsTable workflow={workflow} />
    </section>
  );
}
