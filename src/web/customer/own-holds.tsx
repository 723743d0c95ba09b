import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { call, type Reply } from '../ground/client.js';
import { textsOf, useTexts } from '../ground/language.js';
import { Cancelled } from '../ground/problem.js';
import { useProblemText } from '../ground/problem-texts.js';
import { Time } from '../ground/time.js';
import { Button, Notice } from '../ground/ui.js';
import { FREEZE_TEXTS } from './freeze-words.js';

const TEXTS = textsOf('own-holds', {
  title: { 'zh-CN': '您的账户提现已被请求暂停', en: 'A hold on your withdrawals was asked for' },
  why: {
    'zh-CN': '有人报告您的账户可能有危险（案件 {{number}}）。如果不是您报告的，而且账户没有问题，您可以取消。',
    en: 'Somebody reported that your account may be in danger (case {{number}}). If it was not you and all is well, you can cancel it.',
  },
  ends: { 'zh-CN': '自动结束：', en: 'Ends by itself: ' },
  cancel: { 'zh-CN': '取消暂停', en: 'Cancel the hold' },
  done: {
    'zh-CN': '已请求取消，等待交易所确认。',
    en: 'Cancelling; waiting for the exchange to confirm.',
  },
  factor_too_young: {
    'zh-CN': '您的验证器或通行密钥设置时间太短，不能用来取消暂停。请等它自动结束，或联系工作人员。',
    en: 'Your authenticator or passkey is too new to cancel a hold with. Wait for it to end by itself, or turn to our staff.',
  },
  hold_not_found: { 'zh-CN': '这个暂停已经结束。', en: 'This hold is over.' },
});

type Hold = Reply<'listOwnHolds'>['holds'][number];

/** Holds that somebody's report put on the reader's account; nothing when there are none. */
export function OwnHolds(): ReactNode {
  const { data } = useQuery({ queryKey: ['listOwnHolds'], queryFn: () => call('listOwnHolds') });
  return data?.holds.map((hold) => <OwnHold key={hold.freezeId} hold={hold} />) ?? null;
}

function OwnHold({ hold }: { readonly hold: Hold }): ReactNode {
  const say = useTexts(TEXTS);
  const freezeWords = useTexts(FREEZE_TEXTS);
  const problemText = useProblemText();
  const queries = useQueryClient();
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [trouble, setTrouble] = useState('');
  const key = useRef(crypto.randomUUID());
  const cancel = async () => {
    setState('busy');
    setTrouble('');
    try {
      await call('cancelHold', { params: { freezeId: hold.freezeId }, key: key.current });
      setState('done');
      await queries.invalidateQueries({ queryKey: ['listOwnHolds'] });
    } catch (error) {
      setState('idle');
      const own = { factor_too_young: say('factor_too_young'), hold_not_found: say('hold_not_found') };
      if (!(error instanceof Cancelled)) setTrouble(problemText(error, own));
    }
  };
  return (
    <section className="sheet hold">
      <h2>{say('title')}</h2>
      <p>{freezeWords(`hold.${hold.state}`)}</p>
      <p>{say('why', { number: hold.caseNumber })}</p>
      <p className="hint">
        {say('ends')}
        <Time at={hold.expiresAt} />
      </p>
      {state === 'done' ? (
        <Notice kind="good">{say('done')}</Notice>
      ) : (
        <Button busy={state === 'busy'} onClick={() => void cancel()}>
          {say('cancel')}
        </Button>
      )}
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
    </section>
  );
}
