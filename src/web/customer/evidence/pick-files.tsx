import { type ReactNode, useEffect, useRef, useState } from 'react';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { Notice } from '../../ground/ui.js';
import { MOST_BYTES, MOST_BYTES_IN_PIECES, sizeText, type Unfit, unfitness } from './fit.js';

const TEXTS = textsOf('pick-files', {
  camera: { 'zh-CN': '拍照', en: 'Take a photo' },
  choose: { 'zh-CN': '选择文件', en: 'Choose files' },
  drop: {
    'zh-CN': '也可以把文件拖到这里，或直接粘贴截图。',
    en: 'You can also drag files here, or paste a screenshot.',
  },
  limit: {
    'zh-CN': '截图、照片、录屏、PDF 或邮件都可以。每个文件不超过 {{size}}。',
    en: 'Screenshots, photos, recordings, PDFs or mails. Up to {{size}} each.',
  },
  empty: { 'zh-CN': '“{{name}}”是空文件，没有添加。', en: '“{{name}}” is empty and was not added.' },
  'too-large': {
    'zh-CN': '“{{name}}”超过 {{size}}，没有添加。',
    en: '“{{name}}” is larger than {{size}} and was not added.',
  },
  'too-large-stranger': {
    'zh-CN': '“{{name}}”超过 {{size}}，没有添加。登录后可以发送更大的文件。',
    en: '“{{name}}” is larger than {{size}} and was not added. Once signed in you can send larger files.',
  },
  many: {
    'zh-CN': '一次最多 {{most}} 个文件，“{{name}}”没有添加。',
    en: 'Up to {{most}} files at a time: “{{name}}” was not added.',
  },
});

interface Props {
  readonly signedIn: boolean;
  /** How many more there may be. */
  readonly room: number;
  readonly onFiles: (files: readonly File[]) => void;
}

type Refusal = { readonly name: string; readonly why: Unfit | 'many' };

/** Takes files in every way there is: chosen, from the camera, dropped, pasted. */
export function PickFiles({ signedIn, room, onFiles }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const size = sizeText(signedIn ? MOST_BYTES_IN_PIECES : MOST_BYTES, language);

  const take = (given: readonly File[]) => {
    if (given.length === 0) return;
    const judged = given.map((file) => ({ file, why: unfitness(file, signedIn) }));
    const fit = judged.flatMap(({ file, why }) => (why ? [] : [file]));
    setRefused([
      ...judged.flatMap(({ file: { name }, why }) => (why ? [{ name, why }] : [])),
      ...fit.slice(room).map(({ name }) => ({ name, why: 'many' as const })),
    ]);
    if (fit.length > 0) onFiles(fit.slice(0, room));
  };
  useGiven(take, setOver);

  return (
    <div className={`drop ${over ? 'over' : ''}`}>
      <div className="row">
        <FileButton label={say('choose')} onFiles={take} multiple />
        <FileButton label={say('camera')} onFiles={take} accept="image/*" capture="environment" className="for-touch" />
      </div>
      <p className="hint for-mouse">{say('drop')}</p>
      <p className="hint">{say('limit', { size })}</p>
      {refused.map(({ name, why }) => (
        <Notice key={`${name}${why}`} kind="warn">
          {say(why, { name, size, most: room })}
        </Notice>
      ))}
    </div>
  );
}

interface FileButtonProps {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly multiple?: boolean;
  readonly accept?: string;
  readonly capture?: 'environment';
  readonly className?: string;
}

function FileButton({ label, onFiles, className = '', ...input }: FileButtonProps): ReactNode {
  return (
    <label className={`button plain file-button ${className}`}>
      <input
        {...input}
        type="file"
        className="visually-hidden"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = ''; // so that the same file can be chosen again
        }}
      />
      {label}
    </label>
  );
}

/** What is pasted or dropped anywhere on the page; text that is pasted into a field stays what it is. */
function useGiven(take: (files: readonly File[]) => void, setOver: (over: boolean) => void): void {
  const current = useRef(take);
  useEffect(() => {
    current.current = take;
  });
  useEffect(() => {
    const ending = new AbortController();
    const given = { signal: ending.signal };
    const receive = (event: Event, files: FileList | undefined, name = (file: File) => file) => {
      setOver(false);
      if (!files || files.length === 0) return;
      event.preventDefault();
      current.current([...files].map(name));
    };
    document.addEventListener('paste', (event) => receive(event, event.clipboardData?.files, named), given);
    document.addEventListener('drop', (event) => receive(event, event.dataTransfer?.files), given);
    document.addEventListener(
      'dragover',
      (event) => {
        event.preventDefault();
        setOver(true);
      },
      given,
    );
    document.addEventListener('dragleave', ({ relatedTarget }) => setOver(relatedTarget !== null), given);
    return () => ending.abort();
  }, [setOver]);
}

/** Every browser calls what was pasted `image.png`: three of them could not be told apart. */
function named(file: File): File {
  if (file.name && file.name !== 'image.png') return file;
  const now = new Date();
  const stamp = now.toISOString().slice(0, 19).replace(/\D/g, '');
  return new File([file], `screenshot-${stamp}-${crypto.randomUUID().slice(0, 4)}.png`, { type: file.type });
}
