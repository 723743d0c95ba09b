import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { type Approval, heldScopes } from '../case-types.js';
import { useNames } from '../use-colleagues.js';
import { OUTCOMES, useWords } from '../words.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { OneOf, SomeOf } from './choice.js';
import { isReason, ReasonField } from './reason-field.js';

const TEXTS = textsOf('desk-release-acts', {
  undo: { 'zh-CN': '在交易所撤销什么', en: 'What to undo at the exchange' },
  sessionsHint: { 'zh-CN': '账户的所有登录都会结束', en: 'every session of the account ends' },
  keysHint: { 'zh-CN': '账户的所有 API 密钥都会停用', en: 'every API key of the account ends' },
  withdrawalsHint: { 'zh-CN': '只能取消还没有发出的提现', en: 'only what has not left yet' },
  opens: { 'zh-CN': '将解冻的范围', en: 'What would be opened' },
  secondPerson: {
    'zh-CN': '需由另一位未参与核实的审批人在冷静期之后批准；客户会收到通知。',
    en: 'An approver who neither proposed nor verified must approve after the cooling-off time. The customer is told.',
  },
  outcome: { 'zh-CN': '解冻后以什么结果结案', en: 'How the case ends once the account is released' },
  why: { 'zh-CN': '为什么可以解冻', en: 'Why the account may be released' },
  proposedBy: { 'zh-CN': '提议人', en: 'Proposed by' },
  at: { 'zh-CN': '时间', en: 'When' },
  itsReason: { 'zh-CN': '理由', en: 'Why' },
  itsOutcome: { 'zh-CN': '结案结果', en: 'To end as' },
  approve: {
    'zh-CN': '批准后将立即要求交易所解冻，交易所确认后结案。',
    en: 'The exchange is asked to release at once; its confirmation closes the case.',
  },
});

const REMEDIES = [
  ['revoke_sessions', 'sessionsHint'],
  ['revoke_api_keys', 'keysHint'],
  ['cancel_pending_withdrawals', 'withdrawalsHint'],
] as const;

export function OrderRemedies(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  return (
    <ActDialog
      {...props}
      act="orderRemedies"
      empty={{ kinds: [] as (typeof REMEDIES)[number][0][] }}
      ready={({ kinds }) => kinds.length > 0}
      send={({ kinds }, how) => call('orderRemedies', { ...how, body: { kinds } })}
    >
      {({ kinds }, change) => (
        <SomeOf
          legend={say('undo')}
          value={kinds}
          options={REMEDIES.map(([value, hint]) => ({ value, label: word(value), hint: say(hint) }))}
          onChange={(next) => change({ kinds: next })}
        />
      )}
    </ActDialog>
  );
}

export function ProposeRelease(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const scopes = heldScopes(props.file);
  const outcomes = OUTCOMES.filter((outcome) => outcome !== 'verification-failed');
  return (
    <ActDialog
      {...props}
      act="proposeRelease"
      empty={{ outcome: '' as '' | (typeof outcomes)[number], reason: '' }}
      ready={({ outcome, reason }) => outcome !== '' && isReason(reason)}
      send={({ outcome, reason }, how) =>
        call('proposeRelease', {
          ...how,
          body: { scopes, outcome: outcome === '' ? 'recovered' : outcome, reason: reason.trim() },
        })
      }
    >
      {({ outcome, reason }, change) => (
        <>
          <p>{say('secondPerson')}</p>
          <Scopes title={say('opens')} scopes={scopes} />
          <OneOf
            legend={say('outcome')}
            name="outcome"
            value={outcome}
            options={outcomes.map((value) => ({ value, label: word(value) }))}
            onChange={(next) => change({ outcome: next })}
          />
          <ReasonField label={say('why')} value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

const waiting = ({ file }: ActProps): Approval | undefined =>
  file.approvals.findLast(({ state }) => state === 'proposed');

export function ApproveRelease(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const proposal = waiting(props);
  return (
    <ActDialog
      {...props}
      act="approveRelease"
      empty={{}}
      ready={() => proposal !== undefined}
      send={(_draft, { params, key }) =>
        call('approveRelease', { params: { ...params, approvalId: proposal?.approvalId ?? '' }, key })
      }
    >
      {() => (
        <>
          {proposal ? <Proposal proposal={proposal} /> : null}
          <p>{say('approve')}</p>
        </>
      )}
    </ActDialog>
  );
}

export function DeclineRelease(props: ActProps): ReactNode {
  const proposal = waiting(props);
  return (
    <ActDialog
      {...props}
      act="declineRelease"
      empty={{ reason: '' }}
      danger
      ready={({ reason }) => proposal !== undefined && isReason(reason)}
      send={({ reason }, { params, key }) =>
        call('declineRelease', {
          params: { ...params, approvalId: proposal?.approvalId ?? '' },
          key,
          body: { reason: reason.trim() },
        })
      }
    >
      {({ reason }, change) => (
        <>
          {proposal ? <Proposal proposal={proposal} /> : null}
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

/** What a second person decides about, in full. */
function Proposal({ proposal }: { readonly proposal: Approval }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const name = useNames();
  return (
    <>
      <dl className="facts">
        <dt>{say('proposedBy')}</dt>
        <dd>{name(proposal.proposedBy)}</dd>
        <dt>{say('at')}</dt>
        <dd>
          <Time at={proposal.proposedAt} />
        </dd>
        <dt>{say('itsOutcome')}</dt>
        <dd>{word(proposal.outcome)}</dd>
        <dt>{say('itsReason')}</dt>
        <dd className="own-words">{proposal.reason}</dd>
      </dl>
      <Scopes title={say('opens')} scopes={proposal.scopes} />
    </>
  );
}

function Scopes({ title, scopes }: { readonly title: string; readonly scopes: readonly string[] }): ReactNode {
  const word = useWords();
  return (
    <section className="scope-list">
      <h3>{title}</h3>
      <ul>
        {scopes.map((scope) => (
          <li key={scope} className="tag info">
            {word(scope)}
          </li>
        ))}
      </ul>
    </section>
  );
}
