import type { ReactNode } from 'react';
import type { Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';

const TEXTS = textsOf('case-steps', {
  steps: { 'zh-CN': '案件的步骤', en: 'Steps of the case' },
  intake: { 'zh-CN': '受理', en: 'Intake' },
  'freeze-account': { 'zh-CN': '冻结账户', en: 'Freeze account' },
  'verify-identity': { 'zh-CN': '核实身份', en: 'Verify identity' },
  resolve: { 'zh-CN': '解决', en: 'Resolve' },
  closed: { 'zh-CN': '结案', en: 'Closed' },
  done: { 'zh-CN': '已完成', en: 'done' },
  now: { 'zh-CN': '进行中', en: 'now' },
  ahead: { 'zh-CN': '尚未开始', en: 'ahead' },
  passed: { 'zh-CN': '已跳过', en: 'passed over' },
});

export const CASE_STEPS = ['intake', 'freeze-account', 'verify-identity', 'resolve', 'closed'] as const;
type Step = (typeof CASE_STEPS)[number];

interface Props {
  readonly found: Pick<Reply<'getCase'>, 'state' | 'openedAt'>;
  readonly entries: Reply<'getTimeline'>['entries'];
}

/** Where a case stands, with the time at which each step was last entered. */
export function CaseSteps({ found: { state, openedAt }, entries }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const now = CASE_STEPS.indexOf(state.step);
  return (
    <ol className="case-steps" aria-label={say('steps')}>
      {CASE_STEPS.map((step, at) => {
        const entered = step === 'intake' ? openedAt : enteredAt(step, entries);
        const how =
          at === now ? (step === 'closed' ? 'done' : 'now') : at > now ? 'ahead' : entered ? 'done' : 'passed';
        return (
          <li key={step} data-how={how} aria-current={at === now ? 'step' : undefined}>
            <strong>{say(step)}</strong>
            <span className="hint">{entered && at <= now ? <Time at={entered} style="short" /> : say(how)}</span>
            {entered && at <= now ? <span className="visually-hidden">{say(how)}</span> : null}
          </li>
        );
      })}
    </ol>
  );
}

const enteredAt = (step: Step, entries: Props['entries']): string | undefined =>
  entries.findLast(({ to, from }) => stepOf(to) === step && stepOf(from) !== step)?.at;

const stepOf = (state: string | undefined): string | undefined => state?.split('.')[0];
