import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Dialog } from '../../ground/ui.js';

const TEXTS = textsOf('shown-once', {
  title: { 'zh-CN': '请保存恢复码', en: 'Keep your recovery codes' },
  why: {
    'zh-CN': '这些恢复码只显示这一次。没有身份验证器和通行密钥时，每个可以使用一次。请打印或写下，不要存放在邮箱里。',
    en: 'They are shown this once. Each works one time, when neither authenticator nor passkey is at hand. Print them or write them down; do not keep them in your mailbox.',
  },
  copy: { 'zh-CN': '复制', en: 'Copy' },
  copied: { 'zh-CN': '已复制', en: 'Copied' },
  save: { 'zh-CN': '下载', en: 'Download' },
  kept: { 'zh-CN': '我已保存', en: 'I have kept them' },
});

interface Props {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** Recovery codes as they were made; leaving takes saying that they are kept. */
export function ShownOnce({ codes, onKept }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [copied, setCopied] = useState(false);
  const text = codes.join('\n');
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  const save = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), {
      href: address,
      download: 'firebreak-recovery-codes.txt',
    });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Dialog title={say('title')}>
      <p>{say('why')}</p>
      <ol className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="actions">
        <Button onClick={copy}>{say(copied ? 'copied' : 'copy')}</Button>
        <Button onClick={save}>{say('save')}</Button>
        <Button look="act" onClick={onKept}>
          {say('kept')}
        </Button>
      </div>
    </Dialog>
  );
}
