import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { Button } from '../../ground/ui.js';
import { canFreeze, FreezeNow, frozenBy } from '../freeze-now.js';
import { KINDS, type Kind } from '../kinds.js';
import { CheckStep } from './check-step.js';
import { ContactStep } from './contact-step.js';
import { type Draft, STEPS, type Step } from './draft.js';
import { EvidenceStep } from './evidence-step.js';
import { KeptNotice } from './kept-notice.js';
import { KindStep } from './kind-step.js';
import { missingIn } from './missing.js';
import { Ready } from './ready.js';
import { SendBar } from './send-bar.js';
import { keepResult, type Result } from './sent.js';
import { StoryStep } from './story-step.js';
import { useDraft } from './use-draft.js';
import { WhichStep } from './which-step.js';

const TEXTS = textsOf('report-form', {
  title: { 'zh-CN': '报告', en: 'Report' },
  steps: { 'zh-CN': '步骤', en: 'Steps' },
  at: { 'zh-CN': '第 {{n}} 步，共 {{of}} 步', en: 'Step {{n}} of {{of}}' },
  kind: { 'zh-CN': '发生了什么', en: 'What is it' },
  which: { 'zh-CN': '哪些不是您操作的', en: 'What was not you' },
  story: { 'zh-CN': '经过', en: 'The story' },
  evidence: { 'zh-CN': '证据', en: 'Evidence' },
  contact: { 'zh-CN': '联系方式', en: 'How to reach you' },
  check: { 'zh-CN': '检查并发送', en: 'Check and send' },
  back: { 'zh-CN': '上一步', en: 'Back' },
  next: { 'zh-CN': '下一步', en: 'Next' },
});

interface Props {
  /** Whose draft it is: a person's id, or empty. */
  readonly owner: string;
  readonly me: Me | undefined;
  readonly onSent: (result: Result) => void;
}

/** The guided report, a step at a time; the step is in the address, so that a phone's own "back" goes one step back. */
export function ReportForm({ owner, me, onSent }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const drafting = useDraft(owner);
  const { draft, change, files } = drafting;
  const steps = STEPS.filter((step) => step !== 'contact' || !me);
  const [step, goTo, showStep] = useStep(steps, draft, change);
  const title = useRef<HTMLHeadingElement>(null);
  const at = steps.indexOf(step);

  const go = (to: Step) => {
    goTo(to);
    requestAnimationFrame(() => {
      title.current?.focus();
      window.scrollTo(0, 0);
    });
  };
  const next = steps[at + 1];
  const before = steps[at - 1];
  return (
    <section className="report">
      <header>
        <div className="report-top">
          <h1>{say('title')}</h1>
          <span className="hint">{say('at', { n: at + 1, of: steps.length })}</span>
        </div>
        <div className="steps-bar" aria-hidden="true">
          {steps.map((each, n) => (
            <span key={each} className={n <= at ? 'reached' : ''} />
          ))}
        </div>
        <nav aria-label={say('steps')}>
          <ol className="steps">
            {steps.map((each) => (
              <li key={each}>
                <button type="button" aria-current={each === step ? 'step' : undefined} onClick={() => go(each)}>
                  <span>{say(each)}</span>
                </button>
              </li>
            ))}
          </ol>
        </nav>
      </header>
      <h2 ref={title} tabIndex={-1}>
        {say(step)}
      </h2>
      {step === 'kind' ? (
        <>
          {me && canFreeze(me) && !frozenBy(me) ? (
            <FreezeNow me={me} onFrozen={() => change({ kind: 'account_takeover', freeze: false })} />
          ) : null}
          <KindStep
            kind={draft.kind}
            onKind={(kind) => {
              change({ kind });
              go('which');
            }}
          />
          <Ready />
        </>
      ) : null}
      {step === 'which' ? <WhichStep draft={draft} me={me} onChange={change} /> : null}
      {step === 'story' ? <StoryStep draft={draft} me={me} onChange={change} /> : null}
      {step === 'evidence' ? <EvidenceStep signedIn={me !== undefined} drafting={drafting} /> : null}
      {step === 'contact' ? <ContactStep draft={draft} onChange={change} /> : null}
      {step === 'check' ? <CheckStep draft={draft} files={files.length} me={me} onChange={change} onStep={go} /> : null}
      <KeptNotice drafting={drafting} onDiscard={() => showStep('kind')} />
      <div className={`bar ${step === 'kind' && !draft.kind ? 'empty-bar' : ''}`}>
        {before ? <Button onClick={() => go(before)}>{say('back')}</Button> : null}
        {step === 'check' ? (
          <SendBar
            drafting={drafting}
            me={me}
            complete={missingIn(draft, files.length, me).every(({ needed }) => !needed)}
            onSent={(reply) => {
              const contact = me || draft.compromised.includes('email') ? '' : draft.email.trim();
              const result = { ...reply, kind: draft.kind ?? 'other', contact, files: me ? files.length : 0 };
              keepResult(result);
              onSent(result);
            }}
          />
        ) : null}
        {next && (step !== 'kind' || draft.kind) ? (
          <Button look="act" onClick={() => go(next)}>
            {say('next')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

/** The step that the address names; without one, where the draft was left. `?kind=` begins with that kind. */
function useStep(steps: readonly Step[], draft: Draft, change: (part: Partial<Draft>) => void) {
  const search = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const named = steps.find((step) => step === search.get('step'));
  const step = named ?? (steps.includes(draft.step) ? draft.step : 'kind');
  const given = KINDS.find((kind) => kind === search.get('kind'));
  const show = (to: Step, replace = false) => navigate(`/report?step=${to}`, { replace });
  const goTo = (to: Step) => {
    if (to !== draft.step) change({ step: to });
    show(to);
  };
  const begin = useRef((kind: Kind) => {
    change({ kind, freeze: false, step: 'which' });
    show('which', true); // or "back" would only begin again
  });
  useEffect(() => {
    if (given) begin.current(given);
  }, [given]);
  return [step, goTo, show] as const;
}
