import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Button } from '../../ground/ui.js';
import { FileCard, usePicture } from './file-card.js';
import { MOST_FILES } from './fit.js';
import { PickFiles } from './pick-files.js';
import type { Queued } from './upload-queue.js';
import { useUploads } from './use-uploads.js';

const TEXTS = textsOf('uploads', {
  waiting: { 'zh-CN': '排队中', en: 'Waiting its turn' },
  sending: { 'zh-CN': '正在发送', en: 'Being sent' },
  retrying: {
    'zh-CN': '网络不好，正在自动重试；文件保存在本机，不会丢失。',
    en: 'The connection is bad; it goes on by itself. The file is kept on this device.',
  },
  done: { 'zh-CN': '已送达', en: 'Arrived' },
  arrived: { 'zh-CN': '{{count}} 个文件已送达。', en: 'Arrived: {{count}}' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  remove: { 'zh-CN': '移除', en: 'Remove' },
  evidence_full: { 'zh-CN': '本案的文件数量已达上限。', en: 'This case holds as many files as a case can.' },
  case_bytes_full: { 'zh-CN': '本案的文件总量已达上限。', en: 'This case holds as much as a case can.' },
  file_too_large: { 'zh-CN': '文件太大。', en: 'The file is too large.' },
  file_type_not_allowed: { 'zh-CN': '不接受这种类型的文件。', en: 'Files of this type are not taken.' },
  file_empty: { 'zh-CN': '文件是空的。', en: 'The file is empty.' },
});

const OWN = ['evidence_full', 'case_bytes_full', 'file_too_large', 'file_type_not_allowed', 'file_empty'] as const;

interface Props {
  readonly caseId: string;
  readonly onArrived: () => void;
  /** Whether more can be added here. */
  readonly adding: boolean;
}

/** What is on its way into a case, and a place to add more. */
export function Uploads({ caseId, onArrived, adding }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { lines, add, remove, again } = useUploads(caseId, onArrived);
  // Where more can be added, what arrived is listed beside; it is not shown twice.
  const shown = adding ? lines.filter(({ sending }) => sending.state !== 'done') : lines;
  const arrived = lines.length - shown.length;
  return (
    <>
      <p role="status" className={arrived > 0 ? 'file-state done' : 'visually-hidden'}>
        {arrived > 0 ? say('arrived', { count: arrived }) : ''}
      </p>
      {shown.length > 0 ? (
        <ul className="files" aria-live="polite">
          {shown.map((queued) => (
            <UploadLine key={queued.id} queued={queued} onAgain={again} onRemove={() => void remove(queued.id)} />
          ))}
        </ul>
      ) : null}
      {adding ? <PickFiles signedIn room={MOST_FILES} onFiles={(files) => void add(files)} /> : null}
    </>
  );
}

interface LineProps {
  readonly queued: Queued;
  readonly onAgain: () => void;
  readonly onRemove: () => void;
}

function UploadLine({ queued: { file, sending }, onAgain, onRemove }: LineProps): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const picture = usePicture(file);
  const own = Object.fromEntries(OWN.map((code) => [code, say(code)]));
  return (
    <FileCard
      name={file.name}
      size={file.size}
      type={file.type}
      picture={picture}
      share={'share' in sending ? sending.share : undefined}
      state={
        sending.state === 'refused' ? (
          <span className="trouble">{problemText(sending.problem, own)}</span>
        ) : (
          <span className={`file-state ${sending.state}`}>{say(sending.state)}</span>
        )
      }
    >
      {sending.state === 'refused' ? (
        <span className="row">
          <Button look="link" onClick={onAgain}>
            {say('again')}
          </Button>
          <Button look="link" onClick={onRemove}>
            {say('remove')}
            <span className="visually-hidden"> {file.name}</span>
          </Button>
        </span>
      ) : null}
    </FileCard>
  );
}
