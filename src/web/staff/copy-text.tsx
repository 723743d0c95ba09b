import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../ground/language.js';

const TEXTS = textsOf('staff-copy', {
  copy: { 'zh-CN': '复制', en: 'Copy' },
  copied: { 'zh-CN': '已复制', en: 'Copied' },
});

interface Props {
  readonly text: string;
  /** What is copied, for readers who do not see it beside the button. */
  readonly of: string;
}

/** Text in full, with a button that copies it; it wraps wherever it must. */
export function CopyText({ text, of }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [copied, setCopied] = useState(false);
  return (
    <span className="copy-text">
      <code>{text}</code>
      <Button
        size="small"
        aria-label={`${say(copied ? 'copied' : 'copy')}: ${of}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {say(copied ? 'copied' : 'copy')}
      </Button>
    </span>
  );
}
