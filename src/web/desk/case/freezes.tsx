import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import type { Approval, Freeze, StaffCase } from '../case-types.js';
import { Countdown } from '../countdown.js';
import { useNames } from '../use-colleagues.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-freezes', {
  freezes: { 'zh-CN': '冻结', en: 'Freezes' },
  noFreeze: { 'zh-CN': '本案还没有冻结。', en: 'This case has frozen nothing yet.' },
  remedies: { 'zh-CN': '补救', en: 'Remedies' },
  noRemedy: { 'zh-CN': '还没有下令补救。', en: 'No remedy was ordered yet.' },
  proposals: { 'zh-CN': '解冻提议', en: 'Release proposals' },
  noProposal: { 'zh-CN': '还没有人提议解冻。', en: 'Nobody has proposed a release yet.' },
  requested: { 'zh-CN': '请求', en: 'Asked for' },
  confirmed: { 'zh-CN': '交易所确认', en: 'Confirmed' },
  expires: { 'zh-CN': '到期', en: 'Ends' },
  released: { 'zh-CN': '解冻', en: 'Released' },
  refusal: { 'zh-CN': '拒绝代码', en: 'Refusal' },
  unconfirmed: { 'zh-CN': '为何未确认', en: 'Why unconfirmed' },
  receipt: { 'zh-CN': '交易所回执', en: 'Receipt of the exchange' },
  releaseReceipt: { 'zh-CN': '解冻回执', en: 'Receipt of the release' },
  by: { 'zh-CN': '{{who}}', en: 'by {{who}}' },
  ended: { 'zh-CN': '已撤销 {{n}} 项', en: '{{n}} ended' },
  outcome: { 'zh-CN': '结案结果', en: 'To end as' },
  reason: { 'zh-CN': '理由', en: 'Why' },
  cooling: { 'zh-CN': '冷静期至', en: 'Cooling-off until' },
  left: { 'zh-CN': '剩余', en: 'left' },
  goodUntil: { 'zh-CN': '有效至', en: 'Good until' },
  decided: { 'zh-CN': '决定', en: 'Decided' },
});

/** Everything that was done to the account: freezes with their receipts, remedies, proposals to release. */
export function Freezes({ file }: { readonly file: StaffCase }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const name = useNames();
  return (
    <>
      <section aria-labelledby="freezes">
        <h2 id="freezes">{say('freezes')}</h2>
        {file.freezes.length === 0 ? <p className="soft">{say('noFreeze')}</p> : null}
        {file.freezes.toReversed().map((freeze) => (
          <OneFreeze key={freeze.freezeId} freeze={freeze} customerId={file.customerId} />
        ))}
      </section>
      <section aria-labelledby="remedies">
        <h2 id="remedies">{say('remedies')}</h2>
        {file.remedies.length === 0 ? <p className="soft">{say('noRemedy')}</p> : null}
        {file.remedies.map((remedy) => (
          <article className="card" key={remedy.remedyId}>
            <h3>
              {word(remedy.kind)}{' '}
              <span className={`tag ${remedy.state === 'done' ? 'good' : remedy.state === 'failed' ? 'bad' : 'warn'}`}>
                {word(remedy.state === 'failed' ? 'remedy-failed' : remedy.state)}
              </span>
            </h3>
            <p>
              <Time at={remedy.orderedAt} style="short" /> {say('by', { who: name(remedy.orderedBy) })}
              {remedy.ended.length > 0 ? ` · ${say('ended', { n: remedy.ended.length })}` : ''}
            </p>
            <Receipt title={say('receipt')} receipt={remedy.receipt} />
          </article>
        ))}
      </section>
      <section aria-labelledby="approvals">
        <h2 id="approvals">{say('proposals')}</h2>
        {file.approvals.length === 0 ? <p className="soft">{say('noProposal')}</p> : null}
        {file.approvals.toReversed().map((approval) => (
          <OneApproval key={approval.approvalId} approval={approval} />
        ))}
      </section>
    </>
  );
}

const LOOK: Readonly<Record<Freeze['state'], string>> = {
  requested: 'warn',
  active: 'good',
  partial: 'warn',
  failed: 'bad',
  unconfirmed: 'bad',
  'release-pending': 'info',
  released: '',
};

interface FreezeProps {
  readonly freeze: Freeze;
  readonly customerId: string | undefined;
}

function OneFreeze({ freeze, customerId }: FreezeProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const name = useNames(customerId);
  const { state, release } = freeze;
  return (
    <article className="card">
      <h3>
        {word(freeze.kind)}{' '}
        <span className={`tag ${LOOK[state]}`}>{word(state === 'failed' ? 'freeze-failed' : state)}</span>
      </h3>
      <ul className="scope-tags">
        {freeze.scopes.map((scope) => (
          <li
            key={scope}
            className={`tag ${freeze.missing.includes(scope) ? 'bad' : freeze.applied.includes(scope) ? 'good' : ''}`}
          >
            {word(scope)}
          </li>
        ))}
      </ul>
      <dl className="facts across">
        <div>
          <dt>{say('requested')}</dt>
          <dd>
            <Time at={freeze.requestedAt} style="short" /> {say('by', { who: name(freeze.requestedBy) })}
          </dd>
        </div>
        {freeze.confirmedAt ? (
          <div>
            <dt>{say('confirmed')}</dt>
            <dd>
              <Time at={freeze.confirmedAt} style="short" />
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{say('expires')}</dt>
          <dd>
            <Time at={freeze.expiresAt} style="short" />
          </dd>
        </div>
        {freeze.releasedAt ? (
          <div>
            <dt>{say('released')}</dt>
            <dd>
              <Time at={freeze.releasedAt} style="short" />
            </dd>
          </div>
        ) : null}
        {freeze.refusalCode ? (
          <div>
            <dt>{say('refusal')}</dt>
            <dd>{freeze.refusalCode}</dd>
          </div>
        ) : null}
        {freeze.unconfirmedReason ? (
          <div>
            <dt>{say('unconfirmed')}</dt>
            <dd>{freeze.unconfirmedReason}</dd>
          </div>
        ) : null}
      </dl>
      <Receipt title={say('receipt')} receipt={freeze.receipt} />
      <Receipt title={say('releaseReceipt')} receipt={release?.receipt} />
    </article>
  );
}

function OneApproval({ approval }: { readonly approval: Approval }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const name = useNames();
  const waits = approval.state === 'proposed';
  return (
    <article className="card">
      <h3>
        <span className={`tag ${waits ? 'warn' : 'info'}`}>{word(approval.state)}</span>{' '}
        <Time at={approval.proposedAt} style="short" /> {say('by', { who: name(approval.proposedBy) })}
      </h3>
      <dl className="facts">
        <dt>{say('reason')}</dt>
        <dd className="own-words">{approval.reason}</dd>
        <dt>{say('outcome')}</dt>
        <dd>{word(approval.outcome)}</dd>
        <dt>{say('cooling')}</dt>
        <dd>
          <Time at={approval.coolingOffUntil} style="short" />
          {waits ? (
            <>
              {' '}
              · {say('left')} <Countdown until={approval.coolingOffUntil} />
            </>
          ) : null}
        </dd>
        <dt>{say('goodUntil')}</dt>
        <dd>
          <Time at={approval.expiresAt} style="short" />
        </dd>
        {approval.decidedAt ? (
          <>
            <dt>{say('decided')}</dt>
            <dd>
              <Time at={approval.decidedAt} style="short" />{' '}
              {approval.decidedBy ? say('by', { who: name(approval.decidedBy) }) : null}
              {approval.decisionReason ? <span className="own-words"> {approval.decisionReason}</span> : null}
            </dd>
          </>
        ) : null}
      </dl>
    </article>
  );
}

/** As the exchange signed it, member by member. */
function Receipt({ title, receipt }: { readonly title: string; readonly receipt: object | undefined }): ReactNode {
  if (!receipt) return null;
  return (
    <details className="receipt">
      <summary>{title}</summary>
      <pre>{JSON.stringify(receipt, null, 2)}</pre>
    </details>
  );
}
