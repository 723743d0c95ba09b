import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { call, type Reply } from '../../ground/client.js';
import { SignedIn } from '../../ground/gate.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import { CopyButton } from '../copy-button.js';
import '../parts.css';
import './case.css';
import { CaseCopy } from './case-copy.js';
import { CaseEvidence } from './case-evidence.js';
import { CaseSteps } from './case-steps.js';
import { Freezes } from './freezes.js';
import { Happened } from './happened.js';
import { Messages } from './messages.js';
import { Needed } from './needed.js';
import { OUTCOME_TEXTS } from './outcome-words.js';
import { Receipts } from './receipts.js';
import { Remedies } from './remedies.js';
import { useCase } from './use-case.js';

const TEXTS = textsOf('case-page', {
  wait: { 'zh-CN': '正在打开案件……', en: 'Opening the case …' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  title: { 'zh-CN': '案件', en: 'Case' },
  back: { 'zh-CN': '我的案件', en: 'My cases' },
  number: { 'zh-CN': '案件编号', en: 'Case number' },
  due: { 'zh-CN': '最晚：', en: 'At the latest: ' },
  late: {
    'zh-CN': '已超过预计时间，安全人员已收到提醒。',
    en: 'This is taking longer than it should; our staff have been reminded.',
  },
  freezes: { 'zh-CN': '冻结了什么', en: 'What is frozen' },
  unfrozen: { 'zh-CN': '目前没有冻结。', en: 'Nothing is frozen.' },
  outcome: { 'zh-CN': '结果：', en: 'Outcome: ' },
  releaseNot: {
    'zh-CN': '已提议解冻。冷静期到 ',
    en: 'A release was proposed. The cooling-off time lasts until ',
  },
  releaseThen: {
    'zh-CN': '，之后由另一位人员确认。如果您没有要求解冻，请马上写信告诉我们。',
    en: '; then a second person confirms it. If you did not want it, write to us at once.',
  },
});

export function CasePage({ caseId }: { readonly caseId: string }): ReactNode {
  return (
    <SignedIn>
      <Case caseId={caseId} />
    </SignedIn>
  );
}

/** How often the story is read anew: messages come while somebody looks. */
const TIMELINE_MS = 15_000;

function Case({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { data: found, error, refetch } = useCase(caseId);
  const timeline = useQuery({
    queryKey: ['getTimeline', caseId, found?.state.name, found?.freezes.map(({ state }) => state).join()],
    queryFn: () => call('getTimeline', { params: { caseId } }),
    placeholderData: (before) => before,
    refetchInterval: TIMELINE_MS,
    enabled: found !== undefined,
  });
  if (!found)
    return (
      <>
        <p>
          <Link href="/cases">{say('back')}</Link>
        </p>
        <h1>{say('title')}</h1>
        {error ? (
          <Notice kind="bad">
            {problemText(error)}{' '}
            <Button look="link" onClick={() => void refetch()}>
              {say('again')}
            </Button>
          </Notice>
        ) : (
          <Waiting>{say('wait')}</Waiting>
        )}
      </>
    );
  const entries = timeline.data?.entries ?? [];
  return (
    <article>
      <p>
        <Link href="/cases">{say('back')}</Link>
      </p>
      <Head found={found} />
      {error ? <Notice kind="warn">{problemText(error)}</Notice> : null}
      <CaseSteps found={found} entries={entries} />
      <Needed found={found} />
      <section className="sheet">
        <h2>{say('freezes')}</h2>
        {found.freezes.length > 0 ? <Freezes freezes={found.freezes} /> : <p>{say('unfrozen')}</p>}
        <Release found={found} />
      </section>
      <Messages caseId={caseId} entries={entries} onSent={() => void timeline.refetch()} />
      <CaseEvidence caseId={caseId} closed={found.closedAt !== undefined} />
      <Remedies remedies={found.remedies} />
      <Happened entries={entries} />
      <Receipts caseId={caseId} />
      <CaseCopy caseId={caseId} number={found.number} />
    </article>
  );
}

function Head({ found }: { readonly found: Reply<'getCase'> }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const outcomeText = useTexts(OUTCOME_TEXTS);
  const { title, number, state, outcome } = found;
  return (
    <header>
      <h1>{inWords(title)}</h1>
      <p className="row number">
        <output className="case-number">{number}</output>
        <CopyButton text={number} what={say('number')} />
      </p>
      <section className="sheet now" aria-live="polite">
        <h2>{inWords(state.title)}</h2>
        {outcome ? (
          <p>
            {say('outcome')}
            {outcomeText(outcome)}
          </p>
        ) : null}
        <p>{inWords(state.next)}</p>
        {state.due ? (
          <p className="hint">
            {Date.parse(state.due) < Date.now() ? (
              say('late')
            ) : (
              <>
                {say('due')}
                <Time at={state.due} />
              </>
            )}
          </p>
        ) : null}
      </section>
    </header>
  );
}

function Release({ found }: { readonly found: Reply<'getCase'> }): ReactNode {
  const say = useTexts(TEXTS);
  if (!('release' in found) || found.release?.state !== 'proposed') return null;
  return (
    <Notice kind="warn">
      {say('releaseNot')}
      <Time at={found.release.notBefore} />
      {say('releaseThen')}
    </Notice>
  );
}
