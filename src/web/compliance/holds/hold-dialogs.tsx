import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Dialog, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { findCase } from '../exports/find-case.js';
import type { HeldCase } from './holds-page.js';

const TEXTS = textsOf('hold-dialogs', {
  setTitle: { 'zh-CN': '设置法律保全', en: 'Put a case under legal hold' },
  liftTitle: { 'zh-CN': '解除案件 {{number}} 的法律保全', en: 'Lift the legal hold on case {{number}}' },
  which: { 'zh-CN': '案件号或案件编号', en: 'Case number or id' },
  hint: { 'zh-CN': '例如 FB-7K2M-9QXT-4', en: 'Such as FB-7K2M-9QXT-4' },
  reason: { 'zh-CN': '原因', en: 'Reason' },
  reasonHint: { 'zh-CN': '写入案件与审计日志。', en: 'Kept with the case and in the audit log.' },
  unknown: { 'zh-CN': '没有这个案件。', en: 'There is no such case.' },
  already: { 'zh-CN': '这个案件已处于法律保全中。', en: 'That case is under legal hold already.' },
  missing: { 'zh-CN': '这个案件已不在法律保全中。', en: 'That case is not under legal hold any more.' },
  own: { 'zh-CN': '不能处理自己的案件。', en: 'Nobody works on a case of their own.' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  set: { 'zh-CN': '设置保全', en: 'Set the hold' },
  lift: { 'zh-CN': '解除保全', en: 'Lift the hold' },
  after: {
    'zh-CN': '解除后，案件可以关闭，到期的个人信息可以抹除。',
    en: 'Once it is lifted the case may be closed, and personal data whose time is over may be erased.',
  },
});

const REASON_MAX = 500;

interface Props {
  readonly onClose: () => void;
  readonly onDone: (number: string) => Promise<void>;
}

export function SetHoldDialog({ onClose, onDone }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [which, setWhich] = useState('');
  const [reason, setReason] = useState('');
  const [unknown, setUnknown] = useState(false);
  const { busy, trouble, run } = useAct({
    case_not_found: say('unknown'),
    legal_hold_set: say('already'),
    own_case: say('own'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUnknown(false);
    void run(async (key) => {
      const caseId = await findCase(which);
      if (!caseId) return setUnknown(true);
      const held = await call('setLegalHold', { params: { caseId }, body: { reason: reason.trim() }, key });
      await onDone('number' in held ? held.number : which);
    });
  };
  return (
    <Dialog title={say('setTitle')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={say('which')} hint={say('hint')} trouble={unknown ? say('unknown') : ''}>
          {(ties) => (
            <input
              {...ties}
              autoFocus
              required
              maxLength={40}
              spellCheck={false}
              autoComplete="off"
              value={which}
              onChange={({ target }) => setWhich(target.value)}
            />
          )}
        </Field>
        <ReasonField reason={reason} onReason={setReason} />
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="act" type="submit" busy={busy}>
            {say('set')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function LiftHoldDialog({ held, onClose, onDone }: Props & { readonly held: HeldCase }): ReactNode {
  const say = useTexts(TEXTS);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct({ legal_hold_missing: say('missing'), own_case: say('own') });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      await call('liftLegalHold', { params: { caseId: held.caseId }, body: { reason: reason.trim() }, key });
      await onDone(held.number);
    });
  };
  return (
    <Dialog title={say('liftTitle', { number: held.number })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{say('after')}</p>
        <ReasonField reason={reason} onReason={setReason} />
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="act" type="submit" busy={busy}>
            {say('lift')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ReasonProps {
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}

function ReasonField({ reason, onReason }: ReasonProps): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <Field label={say('reason')} hint={say('reasonHint')}>
      {(ties) => (
        <textarea
          {...ties}
          required
          rows={3}
          minLength={3}
          maxLength={REASON_MAX}
          value={reason}
          onChange={({ target }) => onReason(target.value)}
        />
      )}
    </Field>
  );
}
