import type { ReactNode } from 'react';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { formatTime } from '../../ground/time.js';
import { Button, Dialog, Notice } from '../../ground/ui.js';
import { CopyText } from '../../staff/copy-text.js';

const TEXTS = textsOf('setup-link', {
  title: { 'zh-CN': '给 {{email}} 的一次性链接', en: 'One-time link for {{email}}' },
  once: {
    'zh-CN': '只显示这一次。请通过可靠的渠道只交给本人；谁拿到它，谁就能设置这个账户。',
    en: 'It is shown this once. Hand it to them alone, over a channel you trust: whoever has it sets up the account.',
  },
  ends: { 'zh-CN': '链接有效至 {{at}}。', en: 'It works until {{at}}.' },
  link: { 'zh-CN': '一次性链接', en: 'the one-time link' },
  close: { 'zh-CN': '我已保存，关闭', en: 'I have it, close' },
});

export interface OneTimeLink {
  readonly email: string;
  readonly setupLink: string;
  readonly expiresAt: string;
}

interface Props {
  readonly link: OneTimeLink;
  readonly onClose: () => void;
}

/** Shows a link that nobody can be shown again. It is closed by its button alone, so that no slip loses it. */
export function SetupLinkDialog({ link: { email, setupLink, expiresAt }, onClose }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  return (
    <Dialog title={say('title', { email })}>
      <Notice kind="warn">{say('once')}</Notice>
      <p className="setup-link">
        <CopyText text={setupLink} of={say('link')} />
      </p>
      <p className="hint">{say('ends', { at: formatTime(expiresAt, language) })}</p>
      <div className="actions">
        <Button look="act" onClick={onClose}>
          {say('close')}
        </Button>
      </div>
    </Dialog>
  );
}
