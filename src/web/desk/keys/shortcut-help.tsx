import { Modal } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';

const TEXTS = textsOf('desk-shortcuts', {
  title: { 'zh-CN': '键盘快捷键', en: 'Keyboard shortcuts' },
  next: { 'zh-CN': '列表：下一个案件', en: 'List: next case' },
  previous: { 'zh-CN': '列表：上一个案件', en: 'List: previous case' },
  open: { 'zh-CN': '列表：打开选中的案件', en: 'List: open the selected case' },
  search: { 'zh-CN': '列表：按案件编号查找', en: 'List: look for a case number' },
  desk: { 'zh-CN': '前往案件列表', en: 'Go to the list of cases' },
  figures: { 'zh-CN': '前往数据', en: 'Go to the figures' },
  message: { 'zh-CN': '案件：给客户写消息', en: 'Case: write to the customer' },
  note: { 'zh-CN': '案件：写内部备注', en: 'Case: write a note among staff' },
  evidence: { 'zh-CN': '案件：证据', en: 'Case: evidence' },
  help: { 'zh-CN': '显示这个列表', en: 'Show this list' },
  typing: { 'zh-CN': '输入文字时快捷键不起作用。', en: 'None of them works while you type.' },
});

const ROWS: readonly (readonly [keys: readonly string[], what: keyof typeof TEXTS.texts])[] = [
  [['j', '↓'], 'next'],
  [['k', '↑'], 'previous'],
  [['Enter'], 'open'],
  [['/'], 'search'],
  [['g', 'd'], 'desk'],
  [['g', 'f'], 'figures'],
  [['m'], 'message'],
  [['n'], 'note'],
  [['e'], 'evidence'],
  [['?'], 'help'],
];

export function ShortcutHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={say('title')} destroyOnHidden>
      <dl className="shortcuts">
        {ROWS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{say(what)}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">{say('typing')}</p>
    </Modal>
  );
}
