import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { CopyText } from '../../staff/copy-text.js';
import { PageTitle } from '../../staff/page-title.js';
import { CaseExport } from './case-export.js';

const TEXTS = textsOf('exports', {
  title: { 'zh-CN': '导出与验证', en: 'Export and verify' },
  lead: {
    'zh-CN': '导出的文件自带证明：不需要本系统，也不需要信任本系统，就能核对。',
    en: 'What is exported carries its own proof: it can be checked without this system, and without trusting it.',
  },
  verify: { 'zh-CN': '核对一个文件', en: 'Check a file' },
  verifyWhy: {
    'zh-CN': '把导出的文件拖到核对页。文件只在浏览器里核对，不会发送到任何地方。',
    en: 'Drop an exported file on the page that checks it. It is checked in the browser and sent nowhere.',
  },
  openVerify: { 'zh-CN': '打开核对页', en: 'Open the page that checks' },
  whole: { 'zh-CN': '导出整个日志', en: 'Export the whole log' },
  wholeWhy: {
    'zh-CN': '整个日志在服务器上用命令导出，多大都行，也可以只导出一段时间：',
    en: 'The whole log, of any size, or a span of it, is exported on the server by a command:',
  },
  command: { 'zh-CN': '导出命令', en: 'the command that exports' },
  check: { 'zh-CN': '在任何一台机器上核对：', en: 'Check it on any machine:' },
  checkCommand: { 'zh-CN': '核对命令', en: 'the command that checks' },
});

const EXPORT = 'firebreak audit export --out ./audit-export';
const CHECK = 'firebreak audit verify ./audit-export';

/** What leaves the house with its proof: a case from here, the whole log by the command line; and the page that checks both. */
export function ExportsPage(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      <CaseExport />
      <section className="sheet">
        <h2>{say('verify')}</h2>
        <p>{say('verifyWhy')}</p>
        <a href="/verify">{say('openVerify')}</a>
      </section>
      <section className="sheet">
        <h2>{say('whole')}</h2>
        <p>{say('wholeWhy')}</p>
        <p>
          <CopyText text={EXPORT} of={say('command')} />
        </p>
        <p>{say('check')}</p>
        <p>
          <CopyText text={CHECK} of={say('checkCommand')} />
        </p>
      </section>
    </>
  );
}
