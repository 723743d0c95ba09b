import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../ground/language.js';
import { Button } from '../ground/ui.js';

const TEXTS = textsOf('copy', {
  copy: { 'zh-CN': '复制', en: 'Copy' },
  copied: { 'zh-CN': '已复制', en: 'Copied' },
  failed: { 'zh-CN': '无法复制，请手动选中后复制。', en: 'It could not be copied: select it and copy it by hand.' },
});

interface Props {
  readonly text: string;
  /** What it is that is copied, for screen readers: the button itself says "Copy". */
  readonly what: string;
  readonly onDone?: () => void;
}

export function CopyButton({ text, what, onDone }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [state, setState] = useState<'copy' | 'copied' | 'failed'>('copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      onDone?.();
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      <Button onClick={() => void copy()}>
        {say(state === 'copied' ? 'copied' : 'copy')}
        <span className="visually-hidden"> {what}</span>
      </Button>
      <span role="status" className={state === 'failed' ? 'hint' : 'visually-hidden'}>
        {state === 'copy' ? '' : say(state)}
      </span>
    </>
  );
}
