import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Dialog, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import type { OneTimeLink } from './setup-link-dialog.js';
import type { Person } from './use-people.js';

const TEXTS = textsOf('reason-dialog', {
  suspend: { 'zh-CN': '停用 {{email}}', en: 'Suspend {{email}}' },
  suspendWhy: {
    'zh-CN': '其登录立即全部结束，并且不能再登录，直到恢复。已经开始的工作由别人接手。',
    en: 'Their sessions end at once and none opens until they are reinstated. What they began goes on with others.',
  },
  reinstate: { 'zh-CN': '恢复 {{email}}', en: 'Reinstate {{email}}' },
  reinstateWhy: { 'zh-CN': '此人可以重新登录。', en: 'They may sign in again.' },
  reset: { 'zh-CN': '重置 {{email}} 的验证方式', en: 'Reset the factors of {{email}}' },
  resetWhy: {
    'zh-CN':
      '其身份验证器、通行密钥和恢复码全部作废，登录全部结束。您会得到一个一次性链接；此人凭密码和这个链接重新设置。请先当面或通过电话确认是本人。',
    en: 'Their authenticator, passkeys and recovery codes are void and their sessions end. You get a one-time link; with it and their password they set up anew. Make sure in person or by a call that it is them.',
  },
  reason: { 'zh-CN': '原因', en: 'Reason' },
  reasonHint: { 'zh-CN': '至少 10 个字，写入审计日志。', en: 'At least 10 characters; kept in the audit log.' },
  already: { 'zh-CN': '此人已经停用。', en: 'They are suspended already.' },
  notSuspended: { 'zh-CN': '此人没有停用。', en: 'They are not suspended.' },
  notSetUp: { 'zh-CN': '此人还没有完成设置，请重新邀请。', en: 'They are not set up yet: invite them again.' },
  own: { 'zh-CN': '没有人可以更改自己的状态。', en: 'Nobody changes their own state.' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  go: { 'zh-CN': '继续', en: 'Go on' },
});

const OPERATIONS = { suspend: 'suspendPerson', reinstate: 'reinstatePerson' } as const;
const REASON = { min: 10, max: 1_000 } as const;

interface Props {
  readonly act: 'suspend' | 'reinstate' | 'reset';
  readonly person: Person;
  readonly onClose: () => void;
  /** With the link when the act gave one. */
  readonly onDone: (link: OneTimeLink | undefined) => Promise<void>;
}

/** An act on somebody that wants a reason; what it does is said before it is confirmed. */
export function ReasonDialog({ act, person, onClose, onDone }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct({
    already_suspended: say('already'),
    not_suspended: say('notSuspended'),
    not_set_up: say('notSetUp'),
    own_roles: say('own'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      const given = { params: { personId: person.id }, body: { reason: reason.trim() }, key };
      if (act !== 'reset') {
        await call(OPERATIONS[act], given);
        return onDone(undefined);
      }
      const { setupLink, expiresAt } = await call('resetFactors', given);
      return onDone({ email: person.email, setupLink, expiresAt });
    });
  };
  return (
    <Dialog title={say(act, { email: person.email })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{say(`${act}Why`)}</p>
        <Field label={say('reason')} hint={say('reasonHint')}>
          {(ties) => (
            <textarea
              {...ties}
              autoFocus
              required
              minLength={REASON.min}
              rows={3}
              maxLength={REASON.max}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look={act === 'reinstate' ? 'act' : 'danger'} type="submit" busy={busy}>
            {say('go')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
