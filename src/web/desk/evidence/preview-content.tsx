import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Notice, Waiting } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { keyed } from '../keyed.js';
import type { PieceParams } from './use-may-redact.js';

const TEXTS = textsOf('desk-preview-content', {
  wait: { 'zh-CN': '正在载入预览……', en: 'Loading the preview …' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  truncated: { 'zh-CN': '只显示了开头部分。', en: 'Only its beginning is shown.' },
  headers: { 'zh-CN': '邮件头', en: 'Headers' },
  attachments: { 'zh-CN': '附件（只列出，未打开）', en: 'Attachments (only listed)' },
  entries: { 'zh-CN': '压缩包内 {{n}} 个文件（只列出，未解压）', en: 'Files in it: {{n}} (only listed)' },
  bomb: {
    'zh-CN': '这是解压炸弹：不要解压！',
    en: 'It was made to fill a disk: do not unpack it.',
  },
  warnings: { 'zh-CN': '异常之处：{{what}}', en: 'Odd about it: {{what}}' },
  encrypted: { 'zh-CN': '已加密', en: 'encrypted' },
  bytes: { 'zh-CN': '{{n}} 字节', en: '{{n}} bytes' },
});

type Content = Reply<'showPreviewContent'>;

/** The preview of a text, a mail or an archive: somebody's words, isolated and never as markup. */
export function PreviewContent({ params }: { readonly params: PieceParams }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { data, error, refetch } = useQuery({
    queryKey: ['showPreviewContent', params],
    queryFn: () => call('showPreviewContent', { params }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (error)
    return (
      <Notice kind="bad">
        {problemText(error)} <Button onClick={() => void refetch()}>{say('again')}</Button>
      </Notice>
    );
  if (!data) return <Waiting>{say('wait')}</Waiting>;
  return (
    <>
      {data.text ? <TextShown {...data.text} /> : null}
      {data.mail ? <MailShown mail={data.mail} /> : null}
      {data.archive ? <ArchiveShown archive={data.archive} /> : null}
    </>
  );
}

function TextShown({ text, truncated }: { readonly text: string; readonly truncated: boolean }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <pre className="own-text">
        <bdi>{text}</bdi>
      </pre>
      {truncated ? <p className="hint">{say('truncated')}</p> : null}
    </>
  );
}

function MailShown({ mail }: { readonly mail: NonNullable<Content['mail']> }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <details>
        <summary>{say('headers')}</summary>
        <dl className="facts">
          {keyed(mail.headers, ({ name }) => name).map(([key, { name, value }]) => (
            <div key={key}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <TextShown {...mail} />
      {mail.attachments.length > 0 ? (
        <>
          <h4>{say('attachments')}</h4>
          <ul>
            {mail.attachments.map(({ name, type, size, sha256 }) => (
              <li key={`${sha256} ${name}`}>
                <bdi>{name}</bdi> · <bdi>{type}</bdi> · {say('bytes', { n: size.toLocaleString() })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function ArchiveShown({ archive }: { readonly archive: NonNullable<Content['archive']> }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      {archive.bomb ? <Notice kind="bad">{say('bomb')}</Notice> : null}
      {archive.warnings.length > 0 ? (
        <Notice kind="warn">{say('warnings', { what: archive.warnings.join(', ') })}</Notice>
      ) : null}
      <p>{say('entries', { n: archive.count.toLocaleString() })}</p>
      <ul className="archive">
        {keyed(archive.entries, ({ name }) => name).map(([key, { name, size, encrypted }]) => (
          <li key={key}>
            <bdi>{name}</bdi> · {say('bytes', { n: size.toLocaleString() })} {encrypted ? say('encrypted') : ''}
          </li>
        ))}
      </ul>
      {archive.truncated ? <p className="hint">{say('truncated')}</p> : null}
    </>
  );
}
