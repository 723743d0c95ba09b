import type { ReactNode } from 'react';
import type { Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';

const TEXTS = textsOf('happened', {
  title: { 'zh-CN': '经过的每一步', en: 'Everything that happened' },
  'case.opened': { 'zh-CN': '案件已建立', en: 'The case was opened' },
  'report.joined': { 'zh-CN': '又收到一份报告', en: 'Another report came' },
  'freeze.requested': { 'zh-CN': '已请求冻结', en: 'A freeze was asked for' },
  'freeze.confirmed': { 'zh-CN': '交易所确认了冻结', en: 'The exchange confirmed the freeze' },
  'freeze.partial': { 'zh-CN': '交易所只冻结了一部分', en: 'The exchange froze only a part' },
  'freeze.unconfirmed': { 'zh-CN': '交易所没有答复', en: 'The exchange did not answer' },
  'freeze.refused': { 'zh-CN': '交易所拒绝了冻结', en: 'The exchange refused the freeze' },
  'freeze.extended': { 'zh-CN': '冻结已延长', en: 'The freeze was extended' },
  'freeze.expired': { 'zh-CN': '冻结已到期', en: 'The freeze ended by itself' },
  'remedy.ordered': { 'zh-CN': '已请求清除影响', en: 'Undoing the damage was asked for' },
  'remedy.done': { 'zh-CN': '交易所已清除影响', en: 'The exchange undid it' },
  'identity.check-started': { 'zh-CN': '开始核实身份', en: 'A check of the identity began' },
  'identity.passed': { 'zh-CN': '身份已核实', en: 'The identity was proven' },
  'identity.failed': { 'zh-CN': '身份核实未通过', en: 'The identity was not proven' },
  'release.proposed': { 'zh-CN': '已提议解冻', en: 'A release was proposed' },
  'release.approved': { 'zh-CN': '解冻已批准', en: 'The release was approved' },
  'release.declined': { 'zh-CN': '解冻未批准', en: 'The release was declined' },
  'release.confirmed': { 'zh-CN': '交易所确认了解冻', en: 'The exchange confirmed the release' },
  'case.closed': { 'zh-CN': '已结案', en: 'The case was closed' },
  'case.reopened': { 'zh-CN': '案件重新打开', en: 'The case was opened again' },
  customer: { 'zh-CN': '您', en: 'you' },
  staff: { 'zh-CN': '安全人员', en: 'a security officer' },
  system: { 'zh-CN': '系统', en: 'the system' },
  reporter: { 'zh-CN': '报告人', en: 'the reporter' },
  nothing: { 'zh-CN': '还没有记录。', en: 'Nothing yet.' },
});

type Known = keyof typeof TEXTS.texts;

/** The story of the case, in order; folded away. */
export function Happened({ entries }: { readonly entries: Reply<'getTimeline'>['entries'] }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const told = entries.flatMap(({ at, event = '', title, by }) => {
    const what = Object.hasOwn(TEXTS.texts, event) ? say(event as Known) : title ? inWords(title) : '';
    return what ? [{ at, what, side: by.side, event }] : [];
  });
  return (
    <details className="sheet">
      <summary>
        <h2>{say('title')}</h2>
      </summary>
      {told.length === 0 ? <p className="hint">{say('nothing')}</p> : null}
      <ol className="happened">
        {told.map(({ at, what, side, event }) => (
          <li key={at + event}>
            <span>{what}</span>
            <span className="hint">
              <Time at={at} /> · {say(side)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
