import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { FileCard } from '../evidence/file-card.js';
import { Uploads } from '../evidence/uploads.js';

const TEXTS = textsOf('case-evidence', {
  title: { 'zh-CN': '证据', en: 'Evidence' },
  none: { 'zh-CN': '您还没有添加证据。', en: 'You have added no evidence yet.' },
  infected: { 'zh-CN': '在文件中发现了恶意软件，已隔离。', en: 'Malware was found in it; it is in quarantine.' },
  pending: { 'zh-CN': '正在检查', en: 'being checked' },
  erased: { 'zh-CN': '内容已删除，只保留指纹', en: 'erased; only its fingerprint is kept' },
  add: { 'zh-CN': '添加证据', en: 'Add evidence' },
  closed: { 'zh-CN': '已结案，不能再添加。', en: 'The case is closed: nothing can be added.' },
});

type Piece = Reply<'listEvidence'>['evidence'][number];

/** Soon after it arrived a preview is made; until then it is looked for. */
const PREVIEW_MS = 4_000;
/** What came in pieces is put together after its last one. */
const NOW_AND_THEN_MS = 15_000;

/** What the customer gave to the case, and a place to add more. */
export function CaseEvidence({ caseId, closed }: { readonly caseId: string; readonly closed: boolean }): ReactNode {
  const say = useTexts(TEXTS);
  const { data, refetch } = useQuery({
    queryKey: ['listEvidence', caseId],
    queryFn: () => call('listEvidence', { params: { caseId } }),
    refetchInterval: ({ state }) =>
      state.data?.evidence.some(({ preview }) => preview.state === 'waiting') ? PREVIEW_MS : NOW_AND_THEN_MS,
  });
  const evidence = data?.evidence ?? [];
  return (
    <section className="sheet" id="evidence">
      <h2>{say('title')}</h2>
      {data && evidence.length === 0 ? <p className="hint">{say('none')}</p> : null}
      <ul className="files">
        {evidence.map((piece) => (
          <GivenPiece key={piece.evidenceId} caseId={caseId} piece={piece} />
        ))}
      </ul>
      <h3>{say('add')}</h3>
      {closed ? <Notice>{say('closed')}</Notice> : null}
      <Uploads caseId={caseId} adding={!closed} onArrived={() => void refetch()} />
    </section>
  );
}

function GivenPiece({ caseId, piece }: { readonly caseId: string; readonly piece: Piece }): ReactNode {
  const say = useTexts(TEXTS);
  const { name, size, type, scan, original, addedAt } = piece;
  const picture = usePreview(caseId, piece);
  const state = scan === 'infected' ? say('infected') : original === 'erased' ? say('erased') : '';
  return (
    <FileCard
      name={name}
      size={size}
      type={type}
      picture={picture}
      state={
        <span className="hint">
          <Time at={addedAt} style="short" />
          {state ? <span className="trouble"> {state}</span> : null}
          {scan === 'pending' ? ` · ${say('pending')}` : null}
        </span>
      }
    />
  );
}

/** The copy that we made of it: pictures are fetched with the token, and shown from memory. */
function usePreview(caseId: string, { evidenceId, preview }: Piece): string | undefined {
  const [picture, setPicture] = useState<string>();
  const ready = preview.state === 'ready' && preview.form === 'image';
  const { data } = useQuery({
    queryKey: ['showPreviewImage', caseId, evidenceId],
    queryFn: async () => (await call('showPreviewImage', { params: { caseId, evidenceId } })) as Blob,
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (!data) return;
    const url = URL.createObjectURL(data);
    setPicture(url);
    return () => URL.revokeObjectURL(url);
  }, [data]);
  return picture;
}
