import { Button, Typography } from 'antd';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { ActDialog, type ActProps } from './act-dialog.js';
import { OneOf } from './choice.js';
import { isReason, ReasonField } from './reason-field.js';
import { useActProblem } from './use-act-problem.js';
import { useContactPoints } from './use-contact-points.js';

const TEXTS = textsOf('desk-recovery-acts', {
  show: { 'zh-CN': '显示联系方式（会被记录）', en: 'Show the contact points (this is recorded)' },
  restoreWhich: { 'zh-CN': '恢复哪个联系方式', en: 'Which one to trust again' },
  noneMarked: { 'zh-CN': '没有被标记的联系方式。', en: 'None is marked as compromised.' },
  reset: {
    'zh-CN': '客户的所有验证方式将作废。只在客户身份已由他人核实之后使用。',
    en: 'Every second factor of the customer becomes void. Only for a customer whom somebody else has proven.',
  },
  link: {
    'zh-CN': '请把这个一次性链接交给客户本人，不要交给其他任何人：',
    en: 'Hand this one-time link to the customer and to nobody else:',
  },
  linkUntil: { 'zh-CN': '有效至', en: 'Good until' },
  close: { 'zh-CN': '关闭', en: 'Close' },
});

export function RestoreContactPoint(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const { points, error, show, busy, changed } = useContactPoints(props.file.caseId);
  const marked = points?.filter(({ trust }) => trust === 'compromised');
  return (
    <ActDialog
      {...props}
      act="restoreContactPoint"
      empty={{ contactPointId: '', reason: '' }}
      ready={({ contactPointId, reason }) => contactPointId !== '' && isReason(reason)}
      send={async ({ contactPointId, reason }, { params, key }) => {
        const body = { reason: reason.trim() };
        await call('restoreContactPoint', { params: { ...params, contactPointId }, key, body });
        changed();
      }}
    >
      {({ contactPointId, reason }, change) => (
        <>
          {marked ? null : (
            <Button onClick={show} loading={busy}>
              {say('show')}
            </Button>
          )}
          {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
          {marked?.length === 0 ? <p>{say('noneMarked')}</p> : null}
          {marked && marked.length > 0 ? (
            <OneOf
              legend={say('restoreWhich')}
              name="point"
              value={contactPointId}
              options={marked.map((point) => ({ value: point.contactPointId, label: <bdi>{point.value}</bdi> }))}
              onChange={(next) => change({ contactPointId: next })}
            />
          ) : null}
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}

export function ResetCustomerFactors(props: ActProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <ActDialog
      {...props}
      act="resetCustomerFactors"
      empty={{ reason: '' }}
      danger
      ready={({ reason }) => isReason(reason)}
      send={({ reason }, how) => call('resetCustomerFactors', { ...how, body: { reason: reason.trim() } })}
      answer={(reply) => {
        const { setupLink, expiresAt } = reply as Reply<'resetCustomerFactors'>;
        return (
          <>
            <p>{say('link')}</p>
            <Typography.Paragraph copyable className="secret">
              {setupLink}
            </Typography.Paragraph>
            <p>
              {say('linkUntil')} <Time at={expiresAt} />
            </p>
            <div className="actions">
              <Button type="primary" onClick={props.onClose}>
                {say('close')}
              </Button>
            </div>
          </>
        );
      }}
    >
      {({ reason }, change) => (
        <>
          <p>{say('reset')}</p>
          <ReasonField value={reason} onChange={(next) => change({ reason: next })} />
        </>
      )}
    </ActDialog>
  );
}
