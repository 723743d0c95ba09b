import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Button, Dialog } from '../../ground/ui.js';
import type { Drafting } from './use-draft.js';

const TEXTS = textsOf('kept-notice', {
  kept: { 'zh-CN': '草稿只保存在本机，发送后删除。', en: 'The draft is kept on this device only, until it is sent.' },
  at: { 'zh-CN': '上次保存：', en: 'Last kept: ' },
  unkept: {
    'zh-CN': '这个浏览器窗口不能保存草稿，请不要关闭或重新载入本页。',
    en: 'This window cannot keep the draft: do not close or reload this page.',
  },
  discard: { 'zh-CN': '删除草稿', en: 'Discard the draft' },
  sure: { 'zh-CN': '删除草稿？', en: 'Discard the draft?' },
  sureWhy: {
    'zh-CN': '您写的内容和添加的文件会从本机删除，无法恢复。',
    en: 'What you wrote and the files you added are taken off this device, for good.',
  },
  keep: { 'zh-CN': '保留', en: 'Keep it' },
});

interface Props {
  readonly drafting: Drafting;
  readonly onDiscard: () => void;
}

/** Says that what is written stays here, and lets it be thrown away. */
export function KeptNotice({ drafting: { draft, discard, files }, onDiscard }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [asking, setAsking] = useState(false);
  const { savedAt } = draft;
  const written = draft.kind !== undefined || draft.whatHappened !== '' || files.length > 0;
  if (!savedAt && !written) return null;
  const throwAway = async () => {
    await discard();
    setAsking(false);
    onDiscard();
  };
  return (
    <div className="kept hint">
      {savedAt ? (
        <>
          <span>{say('kept')}</span>
          <span>
            {say('at')}
            <Time at={savedAt} style="short" />
          </span>
        </>
      ) : (
        <span className="trouble">{say('unkept')}</span>
      )}
      <Button look="link" onClick={() => setAsking(true)}>
        {say('discard')}
      </Button>
      {asking ? (
        <Dialog title={say('sure')} onClose={() => setAsking(false)}>
          <p>{say('sureWhy')}</p>
          <div className="actions">
            <Button onClick={() => setAsking(false)}>{say('keep')}</Button>
            <Button look="danger" onClick={() => void throwAway()}>
              {say('discard')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
