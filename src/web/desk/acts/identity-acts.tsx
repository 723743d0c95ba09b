import { Button } from 'antd';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { useEvidence } from '../evidence/use-evidence.js';
import { useWords } from '../words.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { OneOf, SomeOf } from './choice.js';
import { isReason, ReasonField } from './reason-field.js';
import { useActProblem } from './use-act-problem.js';
import { useContactPoints } from './use-contact-points.js';

const TEXTS = textsOf('desk-identity-acts', {
  request: {
    'zh-CN': '客户会收到通知，说明可以怎样证明身份。',
    en: 'The customer is told how they can prove who they are.',
  },
  method: { 'zh-CN': '核实方式', en: 'How' },
  document: { 'zh-CN': '核对证件', en: 'A document' },
  documentHint: { 'zh-CN': '客户已上传的证据', en: 'evidence that the customer has sent' },
  callback: { 'zh-CN': '回拨电话', en: 'A callback' },
  callbackHint: { 'zh-CN': '只拨打案发之前登记的号码', en: 'only to a number that was on file before the incident' },
  number: { 'zh-CN': '拨打哪个号码', en: 'Which number' },
  show: { 'zh-CN': '显示联系方式（会被记录）', en: 'Show the contact points (this is recorded)' },
  mayCall: { 'zh-CN': '可以用于回拨', en: 'a callback may use it' },
  mayNot: { 'zh-CN': '不能用于证明身份', en: 'cannot prove anybody' },
  compromised: { 'zh-CN': '可能已落入他人手中', en: 'marked as compromised' },
  noPoints: { 'zh-CN': '没有登记任何联系方式。', en: 'There is no contact point on file.' },
  check: { 'zh-CN': '哪一项核实', en: 'Which check' },
  begun: { 'zh-CN': '开始于', en: 'begun' },
  result: { 'zh-CN': '结果', en: 'Result' },
  passed: { 'zh-CN': '通过：是账户所有人本人', en: 'Passed: it is the owner' },
  failed: { 'zh-CN': '未通过', en: 'Failed' },
  looked: { 'zh-CN': '核对过的证据', en: 'What was looked at' },
  noEvidence: { 'zh-CN': '这个案件还没有证据。', en: 'There is no evidence in this case yet.' },
  noAccess: {
    'zh-CN': '证据只对处理本案的人开放：请先把案件分配给自己。',
    en: 'Evidence opens only to who works on the case: assign it to yourself first.',
  },
  found: { 'zh-CN': '您核对了什么，结论是什么', en: 'What you compared or heard' },
  fail: {
    'zh-CN': '本轮核实作废，客户可以重新证明身份。账户保持冻结。',
    en: 'The checks of this round are void; the customer may prove who they are anew. The account stays frozen.',
  },
});

export function RequestIdentity(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog {...props} act="requestIdentity" empty={{}} send={(_draft, how) => call('requestIdentity', how)}>
      {() => <p>{say('request')}</p>}
    </ActDialog>
  );
}

export function StartCheck(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { points, error, show, busy } = useContactPoints(props.file.caseId);
  const methods = new Set(props.file.identity.accepted.flat());
  const empty = { method: '' as '' | 'document' | 'callback', contactPointId: '' };
  return (
    <ActDialog
      {...props}
      act="startCheck"
      empty={empty}
      ready={({ method, contactPointId }) => method === 'document' || (method === 'callback' && contactPointId !== '')}
      send={({ method, contactPointId }, how) =>
        method === 'callback'
          ? call('startCheck', { ...how, body: { method, contactPointId } })
          : call('startCheck', { ...how, body: { method: 'document' } })
      }
    >
      {({ method, contactPointId }, change) => (
        <>
          <OneOf
            legend={say('method')}
            name="method"
            value={method}
            options={(['document', 'callback'] as const)
              .filter((one) => methods.has(one))
              .map((one) => ({ value: one, label: say(one), hint: say(`${one}Hint`) }))}
            onChange={(next) => change({ method: next })}
          />
          {method === 'callback' && !points ? (
            <Button onClick={show} loading={busy}>
              {say('show')}
            </Button>
          ) : null}
          {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
          {method === 'callback' && points ? (
            points.length === 0 ? (
              <p>{say('noPoints')}</p>
            ) : (
              <OneOf
                legend={say('number')}
                name="number"
                value={contactPointId}
                options={points.map((point) => ({
                  value: point.contactPointId,
                  label: <bdi>{point.value}</bdi>,
                  hint:
                    point.trust === 'compromised' ? say('compromised') : say(point.mayCallBack ? 'mayCall' : 'mayNot'),
                  disabled: !point.mayCallBack,
                }))}
                onChange={(next) => change({ contactPointId: next })}
              />
            )
          ) : null}
        </>
      )}
    </ActDialog>
  );
}

export function RecordCheck(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const { file } = props;
  const open = file.checks.filter(({ state, round }) => state === 'started' && round === file.identity.round);
  const { evidence, error } = useEvidence(
    file.caseId,
    open.some(({ method }) => method === 'document'),
  );
  const empty = {
    checkId: open[0]?.checkId ?? '',
    result: '' as '' | 'passed' | 'failed',
    evidenceIds: [] as string[],
    note: '',
  };
  const methodOf = (checkId: string) => open.find((check) => check.checkId === checkId)?.method;
  return (
    <ActDialog
      {...props}
      act="recordCheck"
      empty={empty}
      ready={({ checkId, result, evidenceIds, note }) =>
        result !== '' &&
        isReason(note) &&
        methodOf(checkId) !== undefined &&
        (result === 'failed' || methodOf(checkId) !== 'document' || evidenceIds.length > 0)
      }
      send={({ checkId, result, evidenceIds, note }, { params, key }) =>
        call('recordCheck', {
          params: { ...params, checkId },
          key,
          body: {
            result: result === 'passed' ? 'passed' : 'failed',
            ...(evidenceIds.length > 0 && { evidenceIds }),
            note: note.trim(),
          },
        })
      }
    >
      {({ checkId, result, evidenceIds, note }, change) => (
        <>
          <OneOf
            legend={say('check')}
            name="check"
            value={checkId}
            options={open.map((check) => ({
              value: check.checkId,
              label: word(check.method),
              hint: (
                <>
                  {say('begun')} <Time at={check.startedAt} style="short" />
                </>
              ),
            }))}
            onChange={(next) => change({ checkId: next })}
          />
          <OneOf
            legend={say('result')}
            name="result"
            value={result}
            options={[
              { value: 'passed', label: say('passed') },
              { value: 'failed', label: say('failed') },
            ]}
            onChange={(next) => change({ result: next })}
          />
          {methodOf(checkId) === 'document' ? (
            <>
              {error ? <Notice kind="warn">{say('noAccess')}</Notice> : null}
              {evidence?.length === 0 ? <Notice kind="warn">{say('noEvidence')}</Notice> : null}
              {evidence && evidence.length > 0 ? (
                <SomeOf
                  legend={say('looked')}
                  value={evidenceIds}
                  options={evidence.map(({ evidenceId, name }) => ({ value: evidenceId, label: <bdi>{name}</bdi> }))}
                  onChange={(next) => change({ evidenceIds: next })}
                />
              ) : null}
            </>
          ) : null}
          <ReasonField label={say('found')} value={note} onChange={(next) => change({ note: next })} />
        </>
      )}
    </ActDialog>
  );
}

export function FailIdentity(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="failIdentity"
      empty={{ reason: '' }}
      danger
      ready={({ reason }) => isReason(reason)}
      send={({ reason }, how) => call('failIdentity', { ...how, body: { reason: reason.trim() } })}
    >
      {({ reason }, change) => (
        <>
          <p>{say('fail')}</p>
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}
