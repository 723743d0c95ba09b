import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { CheckpointsTable } from './checkpoints-table.js';
import { LogStatus } from './log-status.js';

const TEXTS = textsOf('checkpoints', {
  title: { 'zh-CN': '检查点', en: 'Checkpoints' },
  lead: {
    'zh-CN': '日志不断为自己签名，并把签名交给外面的见证者：改写过去就会被发现。',
    en: 'The log signs what it holds again and again, and witnesses outside keep the signatures: a rewritten past would be found out.',
  },
});

/** How far the log is signed, who outside has it, and all that was signed. */
export function CheckpointsPage(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      <LogStatus />
      <CheckpointsTable />
    </>
  );
}
