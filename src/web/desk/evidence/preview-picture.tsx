import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Notice, Waiting } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { Picture } from './picture.js';
import type { PieceParams } from './use-may-redact.js';
import { useObjectUrl } from './use-object-url.js';

const TEXTS = textsOf('desk-preview', {
  wait: { 'zh-CN': '正在载入预览……', en: 'Loading the preview …' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  alt: { 'zh-CN': '证据“{{name}}”的预览', en: 'Preview of the evidence “{{name}}”' },
});

const KEPT_MS = 600_000;

/** The preview as bytes: an address of the API in an image would carry no session. Taken once: each look is recorded. */
export function usePreview(params: PieceParams) {
  const query = useQuery({
    queryKey: ['showPreviewImage', params],
    queryFn: () => call('showPreviewImage', { params }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    retry: false,
  });
  return { url: useObjectUrl(query.data), error: query.error, again: () => void query.refetch() };
}

export function PreviewPicture({ params, name }: { readonly params: PieceParams; readonly name: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { url, error, again } = usePreview(params);
  if (error)
    return (
      <Notice kind="bad">
        {problemText(error)} <Button onClick={again}>{say('again')}</Button>
      </Notice>
    );
  return url ? <Picture url={url} alt={say('alt', { name })} /> : <Waiting>{say('wait')}</Waiting>;
}
