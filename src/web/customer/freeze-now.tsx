import { type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { hooks } from '../ground/client.js';
import { textsOf, useLanguage, useTexts } from '../ground/language.js';
import { Cancelled } from '../ground/problem.js';
import { useProblemText } from '../ground/problem-texts.js';
import type { Me } from '../ground/session.js';
import { Button, Notice } from '../ground/ui.js';
import { upload } from '../ground/upload.js';
import { Freezes } from './case/freezes.js';
import { useCase } from './case/use-case.js';
import { keepTrying } from './keep-trying.js';
import { keepReceipts } from './receipts.js';

const TEXTS = textsOf('freeze-now', {
  title: { 'zh-CN': '立即冻结我的账户', en: 'Freeze my account now' },
  what: {
    'zh-CN': '提现、交易、API 密钥、登录和安全设置会一起冻结，充值仍然开放。您需要用验证器或通行密钥确认一次。',
    en: 'Withdrawals, trading, API keys, signing in and security settings are frozen together; deposits stay open. You confirm once with your authenticator or passkey.',
  },
  back: {
    'zh-CN': '冻结很快，解冻需要核实身份并由两位人员确认。',
    en: 'Freezing is quick. Releasing takes proof of who you are, and two of our staff.',
  },
  sending: { 'zh-CN': '正在请求冻结……', en: 'Asking for the freeze …' },
  retrying: {
    'zh-CN': '网络不好，正在自动重试。冻结请求还没有送达。',
    en: 'The connection is bad; it is tried again by itself. The request has not arrived yet.',
  },
  stop: { 'zh-CN': '停止', en: 'Stop' },
  case: { 'zh-CN': '案件', en: 'Case' },
  more: { 'zh-CN': '告诉我们发生了什么', en: 'Tell us what happened' },
  unfrozen: {
    'zh-CN': '报告已送达，但目前没有请求冻结。安全人员会马上查看。',
    en: 'The report has arrived, but no freeze was asked for yet. A security officer looks at it at once.',
  },
  follow: { 'zh-CN': '查看案件', en: 'Follow the case' },
  words: {
    'zh-CN': '（通过“立即冻结我的账户”提交，经过稍后补充。）',
    en: '(Sent by “Freeze my account now”; what happened will follow.)',
  },
});

/** A factor speaks for the own account only, so both must be there. */
export const canFreeze = (me: Me): boolean =>
  me.accountId !== undefined && (me.secondFactor !== undefined || me.passkeys.length > 0);

const keptAs = (me: Me): string => `frozen-by.${me.id}`;

/** The case in which this tab's reader froze the account a moment ago. */
export const frozenBy = (me: Me): string | undefined => sessionStorage.getItem(keptAs(me)) ?? undefined;

interface Props {
  readonly me: Me;
  /** Where the story is told, once the account is frozen. */
  readonly onFrozen?: (caseId: string) => void;
}

/** One press and one confirmation: an urgent report that freezes, and then what the exchange says to it. */
export function FreezeNow({ me, onFrozen }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const problemText = useProblemText();
  const [caseId, setCaseId] = useState(frozenBy(me));
  const [state, setState] = useState<'idle' | 'sending' | 'retrying'>('idle');
  const [trouble, setTrouble] = useState('');
  const key = useRef(crypto.randomUUID());
  const stopping = useRef<AbortController>(undefined);

  const freeze = async () => {
    setTrouble('');
    setState('sending');
    const body = { kind: 'account_takeover', language, whatHappened: say('words') } as const;
    const ending = new AbortController();
    stopping.current = ending;
    const { signal } = ending;
    try {
      const reverification = await hooks.reverify({ operation: 'submitReport', params: {}, body });
      const sent = () => upload('submitReport', { body, key: key.current, reverification, signal });
      const { reply, receipts } = await keepTrying(sent, { signal, onWait: () => setState('retrying') });
      const opened = reply.caseId ?? '';
      keepReceipts(opened, 'report', receipts);
      sessionStorage.setItem(keptAs(me), opened);
      key.current = crypto.randomUUID();
      setCaseId(opened);
      onFrozen?.(opened);
    } catch (error) {
      if (!(error instanceof Cancelled || signal.aborted)) setTrouble(problemText(error));
    } finally {
      setState('idle');
    }
  };

  const over = useIsOver(caseId);
  const before = caseId ? <Frozen caseId={caseId} /> : null;
  if (before && !over) return before;
  return (
    <>
      {before}
      <section className="sheet freeze-now">
        <h2>{say('title')}</h2>
        <p>{say('what')}</p>
        <Button look="danger" className="big" busy={state !== 'idle'} onClick={() => void freeze()}>
          {say(state === 'idle' ? 'title' : 'sending')}
        </Button>
        {state === 'retrying' ? (
          <Notice kind="warn">
            {say('retrying')}{' '}
            <Button look="link" onClick={() => stopping.current?.abort()}>
              {say('stop')}
            </Button>
          </Notice>
        ) : null}
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <p className="hint">{say('back')}</p>
      </section>
    </>
  );
}

/** Once a freeze was refused or released, there is something to freeze again. */
function useIsOver(caseId: string | undefined): boolean {
  const { data } = useCase(caseId);
  const freezes = data?.freezes ?? [];
  return freezes.length > 0 && freezes.every(({ state }) => state === 'failed' || state === 'released');
}

function Frozen({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { data, error } = useCase(caseId);
  return (
    <section className="sheet">
      <h2>
        {say('case')} {data?.number}
      </h2>
      {data ? <Freezes freezes={data.freezes} /> : null}
      {data?.freezes.length === 0 ? <Notice kind="warn">{say('unfrozen')}</Notice> : null}
      {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
      <p className="row">
        <Link className="button act" href="/report?kind=account_takeover">
          {say('more')}
        </Link>
        <Link className="button plain" href={`/cases/${caseId}`}>
          {say('follow')}
        </Link>
      </p>
    </section>
  );
}
