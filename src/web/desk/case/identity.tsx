import { Button } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { type ActWithForm, FORMS } from '../acts/act-forms.js';
import { useActTexts } from '../acts/act-texts.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useContactPoints } from '../acts/use-contact-points.js';
import type { Check, StaffCase } from '../case-types.js';
import { useNames } from '../use-colleagues.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-identity', {
  title: { 'zh-CN': '身份核实', en: 'Identity' },
  met: { 'zh-CN': '身份已核实', en: 'The identity is proven' },
  notMet: { 'zh-CN': '身份尚未核实', en: 'The identity is not proven' },
  accepted: { 'zh-CN': '满足以下任一组合即可：', en: 'Any one of these proves the customer:' },
  round: { 'zh-CN': '第 {{n}} 轮', en: 'round {{n}}' },
  checks: { 'zh-CN': '核实记录', en: 'Checks' },
  none: { 'zh-CN': '还没有开始核实。', en: 'No check was begun yet.' },
  counts: { 'zh-CN': '计入', en: 'counts' },
  over: {
    'zh-CN': '不再计入（上一轮，或号码已被标记）',
    en: 'does not count any more (earlier round, or the number was marked)',
  },
  begun: { 'zh-CN': '{{who}} 开始', en: 'begun by {{who}}' },
  decided: { 'zh-CN': '{{who}} 记录', en: 'recorded by {{who}}' },
  looked: { 'zh-CN': '核对了 {{n}} 份证据', en: '{{n}} pieces of evidence looked at' },
  points: { 'zh-CN': '客户的联系方式', en: 'How the customer can be reached' },
  show: { 'zh-CN': '显示（会被记录）', en: 'Show (this is recorded)' },
  mayCall: { 'zh-CN': '可以用于回拨', en: 'a callback may use it' },
  mayNot: { 'zh-CN': '不能用于证明身份', en: 'cannot prove anybody' },
  compromised: { 'zh-CN': '可能已落入他人手中', en: 'marked as compromised' },
  noPoints: { 'zh-CN': '没有登记任何联系方式。', en: 'There is no contact point on file.' },
  calls: { 'zh-CN': '通话时互相确认', en: 'On the telephone' },
  callsHint: {
    'zh-CN': '口令只说明双方是谁在通话，不等于身份核实。',
    en: 'A support code says who is on the line. It proves no identity.',
  },
});

const ACTS: readonly ActWithForm[] = ['requestIdentity', 'startCheck', 'recordCheck', 'failIdentity'];
const POINT_ACTS: readonly ActWithForm[] = ['restoreContactPoint', 'resetCustomerFactors'];
const CALL_ACTS: readonly ActWithForm[] = ['makeSupportCode', 'checkSupportCode'];

interface Props {
  readonly file: StaffCase;
  readonly onAct: (act: ActWithForm) => void;
}

/** What proves the customer, how far that is, and whom staff may call. */
export function Identity({ file, onAct }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const { identity, checks } = file;
  const maySeePoints = file.acts.some(
    ({ act, because }) => act === 'startCheck' && because !== 'not_allowed' && because !== 'own_case',
  );
  return (
    <>
      <section aria-labelledby="identity">
        <h2 id="identity">{say('title')}</h2>
        <Notice kind={identity.met ? 'good' : 'warn'}>
          {say(identity.met ? 'met' : 'notMet')} · {say('round', { n: identity.round })}
        </Notice>
        <p>{say('accepted')}</p>
        <ul className="combinations">
          {identity.accepted.map((combination) => (
            <li key={combination.join()}>{combination.map((method) => word(method)).join(' + ')}</li>
          ))}
        </ul>
        <ActButtons file={file} acts={ACTS} onAct={onAct} />
      </section>
      <section aria-labelledby="checks">
        <h2 id="checks">{say('checks')}</h2>
        {checks.length === 0 ? <p className="soft">{say('none')}</p> : null}
        {checks.toReversed().map((check) => (
          <OneCheck key={check.checkId} check={check} customerId={file.customerId} />
        ))}
      </section>
      {maySeePoints ? (
        <section aria-labelledby="points">
          <h2 id="points">{say('points')}</h2>
          <Points caseId={file.caseId} />
          <ActButtons file={file} acts={POINT_ACTS} onAct={onAct} />
        </section>
      ) : null}
      <section aria-labelledby="calls">
        <h2 id="calls">{say('calls')}</h2>
        <p className="hint">{say('callsHint')}</p>
        <ActButtons file={file} acts={CALL_ACTS} onAct={onAct} />
      </section>
    </>
  );
}

interface CheckProps {
  readonly check: Check;
  readonly customerId: string | undefined;
}

function OneCheck({ check, customerId }: CheckProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const name = useNames(customerId);
  const look = check.state === 'passed' ? 'good' : check.state === 'failed' ? 'bad' : 'info';
  return (
    <article className="card">
      <h3>
        {word(check.method)} <span className={`tag ${look}`}>{word(check.state)}</span>{' '}
        {check.state === 'passed' ? (
          <span className={check.counts ? 'tag good' : 'tag warn'}>{say(check.counts ? 'counts' : 'over')}</span>
        ) : null}
      </h3>
      <p className="entry-head">
        {say('round', { n: check.round })} · {say('begun', { who: name(check.startedBy) })}{' '}
        <Time at={check.startedAt} style="short" />
        {check.decidedAt && check.decidedBy ? (
          <>
            {' '}
            · {say('decided', { who: name(check.decidedBy) })} <Time at={check.decidedAt} style="short" />
          </>
        ) : null}
        {check.evidenceIds ? ` · ${say('looked', { n: check.evidenceIds.length })}` : ''}
      </p>
      {check.note ? (
        <p className="own-words">
          <bdi>{check.note}</bdi>
        </p>
      ) : null}
    </article>
  );
}

function Points({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { points, error, show, busy } = useContactPoints(caseId);
  if (!points)
    return (
      <>
        {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
        <Button onClick={show} loading={busy}>
          {say('show')}
        </Button>
      </>
    );
  if (points.length === 0) return <p className="soft">{say('noPoints')}</p>;
  return (
    <ul className="points">
      {points.map(({ contactPointId, value, trust, mayCallBack }) => (
        <li key={contactPointId}>
          <bdi>{value}</bdi>{' '}
          <span className={`tag ${trust === 'compromised' ? 'bad' : mayCallBack ? 'good' : ''}`}>
            {trust === 'compromised' ? say('compromised') : say(mayCallBack ? 'mayCall' : 'mayNot')}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The acts that belong to a section, once more where they are needed; those of other roles are left to the panel. */
function ActButtons({ file, acts, onAct }: Props & { readonly acts: readonly ActWithForm[] }): ReactNode {
  const { name, reason } = useActTexts();
  const shown = acts.flatMap((act) => {
    const seen = file.acts.find((one) => one.act === act);
    return seen && seen.because !== 'not_allowed' && Object.hasOwn(FORMS, act) ? [{ ...seen, act }] : [];
  });
  return (
    <div className="act-buttons">
      {shown.map(({ act, allowed, because }) => (
        <span key={act}>
          <Button disabled={!allowed} onClick={() => onAct(act)}>
            {name(act)}
          </Button>
          {because ? <small>{reason(because)}</small> : null}
        </span>
      ))}
    </div>
  );
}
