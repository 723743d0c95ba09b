import { type ReactNode, useEffect, useState } from 'react';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { sizeText } from './fit.js';

const TEXTS = textsOf('file-card', {
  preview: { 'zh-CN': '预览：{{name}}', en: 'Preview of {{name}}' },
  sent: { 'zh-CN': '{{name}}：已发送 {{share}}', en: '{{name}}: {{share}} sent' },
});

interface Props {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** Where a picture of it is. */
  readonly picture?: string | undefined;
  /** How much of it has left, 0 to 1; absent when nothing is on its way. */
  readonly share?: number | undefined;
  readonly state?: ReactNode;
  readonly children?: ReactNode;
}

/** A file as a line with a small picture, how it stands, and what can be done with it. */
export function FileCard({ name, size, type, picture, share, state, children }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const [broken, setBroken] = useState(false);
  return (
    <li className="file">
      <div className="thumb">
        {picture && !broken ? (
          <img src={picture} alt={say('preview', { name })} onError={() => setBroken(true)} />
        ) : (
          <span aria-hidden="true">{labelOf(type, name)}</span>
        )}
      </div>
      <div className="file-text">
        <bdi className="file-name">{name}</bdi>
        <span className="hint">{sizeText(size, language)}</span>
        {share === undefined ? null : (
          <progress
            max={1}
            value={share}
            aria-label={say('sent', {
              name,
              share: new Intl.NumberFormat(language, { style: 'percent' }).format(share),
            })}
          />
        )}
        {state}
      </div>
      {children}
    </li>
  );
}

/** What a file is, in the few letters that people know it by. */
const labelOf = (type: string, name: string): string =>
  (/\.(\w{1,4})$/.exec(name)?.[1] ?? type.split('/')[1] ?? '').slice(0, 4).toUpperCase() || '…';

/** Kinds of pictures that browsers draw by themselves; nothing else is opened on the page. */
const PICTURES = /^image\/(?:png|jpeg|webp|gif|heic|heif|avif)$/;

/** A local picture of a file, for as long as it is shown. */
export function usePicture(file: File): string | undefined {
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    if (!PICTURES.test(file.type)) return;
    const url = URL.createObjectURL(file);
    setPicture(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return picture;
}
