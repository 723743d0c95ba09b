import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice, Waiting } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useNames } from '../use-colleagues.js';
import { Picture } from './picture.js';
import { RedactionDesk } from './redaction-desk.js';
import { ShareRedaction } from './share-redaction.js';
import { type PieceParams, useMayShare } from './use-may-redact.js';
import { useObjectUrl } from './use-object-url.js';

const TEXTS = textsOf('desk-redactions', {
  title: { 'zh-CN': '遮盖副本', en: 'Redacted copies' },
  make: { 'zh-CN': '制作遮盖副本', en: 'Redact a copy' },
  none: { 'zh-CN': '还没有遮盖副本。', en: 'There is no redacted copy.' },
  waiting: { 'zh-CN': '正在制作……', en: 'being made …' },
  failed: { 'zh-CN': '没有成功', en: 'failed' },
  ready: { 'zh-CN': '可以使用', en: 'ready' },
  look: { 'zh-CN': '查看', en: 'Look at it' },
  hide: { 'zh-CN': '收起', en: 'Hide' },
  by: { 'zh-CN': '{{who}} 制作，遮盖 {{n}} 处', en: 'by {{who}}, {{n}} parts covered' },
  alt: { 'zh-CN': '遮盖后的副本', en: 'The redacted copy' },
  wait: { 'zh-CN': '正在载入……', en: 'Loading …' },
});

const LIVE_MS = 2_000;

interface Props {
  readonly params: PieceParams;
  readonly name: string;
}
type Redaction = Reply<'listRedactions'>['redactions'][number];

/** Copies in which parts of the picture are gone: to make, to look at, and to give away. The original stays. */
export function Redactions({ params, name }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const client = useQueryClient();
  const [drawing, setDrawing] = useState(false);
  const key = ['listRedactions', params];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: () => call('listRedactions', { params }),
    refetchInterval: ({ state }) => (state.data?.redactions.some((one) => one.state === 'waiting') ? LIVE_MS : false),
  });
  return (
    <section className="redactions">
      <h4>{say('title')}</h4>
      {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
      {data?.redactions.length === 0 && !drawing ? <p className="soft">{say('none')}</p> : null}
      <ul>
        {data?.redactions.map((redaction) => (
          <OneRedaction key={redaction.redactionId} params={params} redaction={redaction} name={name} />
        ))}
      </ul>
      {drawing ? (
        <RedactionDesk
          params={params}
          name={name}
          onClose={() => setDrawing(false)}
          onMade={() => {
            setDrawing(false);
            void client.invalidateQueries({ queryKey: key });
          }}
        />
      ) : (
        <Button onClick={() => setDrawing(true)}>{say('make')}</Button>
      )}
    </section>
  );
}

function OneRedaction({ params, redaction, name }: Props & { readonly redaction: Redaction }): ReactNode {
  const say = useTexts(TEXTS);
  const personName = useNames();
  const mayShare = useMayShare();
  const [shown, setShown] = useState(false);
  const { redactionId, state, madeBy, regions, reason, at } = redaction;
  return (
    <li className="card">
      <p>
        <span className={`tag ${state === 'ready' ? 'good' : state === 'failed' ? 'bad' : 'warn'}`}>{say(state)}</span>{' '}
        {say('by', { who: personName(madeBy), n: regions.length })} · <Time at={at} style="short" />
      </p>
      <p className="own-words">
        <bdi>{reason}</bdi>
      </p>
      {state === 'ready' ? (
        <div className="piece-acts">
          <Button onClick={() => setShown(!shown)}>{say(shown ? 'hide' : 'look')}</Button>
          {mayShare ? <ShareRedaction params={{ ...params, redactionId }} name={name} /> : null}
        </div>
      ) : null}
      {shown ? <Shown params={{ ...params, redactionId }} /> : null}
    </li>
  );
}

function Shown({ params }: { readonly params: PieceParams & { readonly redactionId: string } }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { data, error } = useQuery({
    queryKey: ['showRedaction', params],
    queryFn: () => call('showRedaction', { params }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const url = useObjectUrl(data);
  if (error) return <Notice kind="bad">{problemText(error)}</Notice>;
  return url ? <Picture url={url} alt={say('alt')} /> : <Waiting>{say('wait')}</Waiting>;
}
