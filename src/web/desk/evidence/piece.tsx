import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import type { Evidence } from '../case-types.js';
import { Download } from './download.js';
import { TEXTS } from './evidence-texts.js';
import { FileFacts } from './file-facts.js';
import { PreviewContent } from './preview-content.js';
import { PreviewPicture } from './preview-picture.js';
import { Redactions } from './redactions.js';
import { ScanTag } from './scan-tag.js';
import { useMayRedact } from './use-may-redact.js';

interface Props {
  readonly caseId: string;
  readonly piece: Evidence;
  readonly onChanged: () => void;
}

/** One piece of evidence: what can be shown of it, what is known of it, and what can be done with it. */
export function Piece({ caseId, piece, onChanged }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const client = useQueryClient();
  const mayRedact = useMayRedact();
  const [trouble, setTrouble] = useState('');
  const params = { caseId, evidenceId: piece.evidenceId };
  const { preview } = piece;
  const ask = async (what: () => Promise<Reply<'askScan'>>) => {
    setTrouble('');
    try {
      const { evidence } = await what();
      client.setQueryData<Reply<'listEvidence'>>(['listEvidence', caseId], (before) => ({
        evidence: (before?.evidence ?? []).map((one) => (one.evidenceId === evidence.evidenceId ? evidence : one)),
      }));
      onChanged();
    } catch (error) {
      setTrouble(problemText(error));
    }
  };
  return (
    <article className="viewer" aria-label={piece.name}>
      <h3>
        <bdi>{piece.name}</bdi>
      </h3>
      <p>
        {say('scan')}: <ScanTag piece={piece} />
      </p>
      {preview.state === 'ready' && preview.form === 'image' ? (
        <PreviewPicture params={params} name={piece.name} />
      ) : null}
      {preview.state === 'ready' && preview.form !== 'image' ? <PreviewContent params={params} /> : null}
      {preview.state === 'ready' ? null : (
        <Notice kind={preview.state === 'failed' ? 'warn' : 'info'}>
          {say(`preview-${preview.state}`, { because: preview.because ?? '–' })}
        </Notice>
      )}
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
      <div className="piece-acts">
        <Download params={params} name={piece.name} disabled={piece.original !== 'kept'} />
        {mayRedact && preview.state === 'failed' ? (
          <Button onClick={() => void ask(() => call('askPreview', { params }))}>{say('askPreview')}</Button>
        ) : null}
        {mayRedact && (piece.scan === 'failed' || piece.scan === 'not-scanned') ? (
          <Button onClick={() => void ask(() => call('askScan', { params }))}>{say('askScan')}</Button>
        ) : null}
      </div>
      <dl className="facts">
        <dt>{say('type')}</dt>
        <dd>
          {piece.type}{' '}
          {piece.activeContent ? <span className="tag bad">{say('active', { what: piece.activeContent })}</span> : null}
        </dd>
        {piece.declaredType ? (
          <>
            <dt>{say('claimed')}</dt>
            <dd>
              <bdi>{piece.declaredType}</bdi>{' '}
              {piece.typeMismatch ? <span className="tag warn">{say('mismatch')}</span> : null}
            </dd>
          </>
        ) : null}
        <dt>{say('size')}</dt>
        <dd>{say('bytes', { n: piece.size.toLocaleString() })}</dd>
        <dt>{say('came')}</dt>
        <dd>
          <Time at={piece.addedAt} />
        </dd>
        <dt>{say('original')}</dt>
        <dd>{say(piece.original)}</dd>
        <dt>{say('sha256')}</dt>
        <dd>
          <code>{piece.sha256}</code>
        </dd>
      </dl>
      <FileFacts facts={piece.facts} />
      {mayRedact && preview.state === 'ready' && preview.form === 'image' ? (
        <Redactions params={params} name={piece.name} />
      ) : null}
    </article>
  );
}
