import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Notice } from '../../ground/ui.js';
import type { DeviceFile } from '../evidence/device-files.js';
import { FileCard, usePicture } from '../evidence/file-card.js';
import { MOST_FILES } from '../evidence/fit.js';
import { PickFiles } from '../evidence/pick-files.js';
import type { Drafting } from './use-draft.js';

const TEXTS = textsOf('evidence-step', {
  lead: {
    'zh-CN': '截图最有用：订单或提现记录、登录通知、聊天记录、可疑网址。请不要裁剪或涂改。',
    en: 'Screenshots help most: orders, withdrawals, sign-in notices, chats, suspicious addresses. Do not crop or edit them.',
  },
  chosen: { 'zh-CN': '已添加 {{count}} 个文件', en: '{{count}} added' },
  adding: { 'zh-CN': '正在添加……', en: 'Adding …' },
  remove: { 'zh-CN': '移除', en: 'Remove' },
  unkept: {
    'zh-CN': '这个浏览器窗口不能保存文件：重新载入后需要再添加一次。',
    en: 'This window cannot keep files: after a reload you would have to add them again.',
  },
});

interface Props {
  readonly signedIn: boolean;
  readonly drafting: Drafting;
}

export function EvidenceStep({ signedIn, drafting: { files, adding, addFiles, removeFile, keeps } }: Props): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <p>{say('lead')}</p>
      <PickFiles
        signedIn={signedIn}
        room={MOST_FILES - files.length - adding}
        onFiles={(added) => void addFiles(added)}
      />
      {keeps ? null : <Notice kind="warn">{say('unkept')}</Notice>}
      <p role="status" className="hint">
        {adding > 0 ? say('adding') : files.length > 0 ? say('chosen', { count: files.length }) : ''}
      </p>
      <ul className="files">
        {files.map((kept) => (
          <Chosen key={kept.id} kept={kept} onRemove={() => void removeFile(kept.id)} />
        ))}
      </ul>
    </>
  );
}

function Chosen({ kept: { file }, onRemove }: { readonly kept: DeviceFile; readonly onRemove: () => void }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <FileCard name={file.name} size={file.size} type={file.type} picture={usePicture(file)}>
      <Button look="link" onClick={onRemove}>
        {say('remove')}
        <span className="visually-hidden"> {file.name}</span>
      </Button>
    </FileCard>
  );
}
