import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Role } from '../../ground/session.js';
import { Button, Dialog, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { RoleBoxes } from './role-boxes.js';
import type { OneTimeLink } from './setup-link-dialog.js';

const TEXTS = textsOf('invite', {
  title: { 'zh-CN': '邀请工作人员', en: 'Invite somebody' },
  email: { 'zh-CN': '邮箱', en: 'E-mail' },
  language: { 'zh-CN': '语言', en: 'Language' },
  zh: { 'zh-CN': '中文', en: '中文' },
  en: { 'zh-CN': 'English', en: 'English' },
  noRole: { 'zh-CN': '请至少选一个角色。', en: 'Choose at least one role.' },
  taken: { 'zh-CN': '这个邮箱已有人使用。', en: 'Somebody has this address already.' },
  conflict: {
    'zh-CN': '这些角色不能由同一个人担任：合规、管理员与处理案件的角色互斥。',
    en: 'One person cannot hold these together: compliance and admin exclude the roles that work on cases.',
  },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  invite: { 'zh-CN': '邀请', en: 'Invite' },
});

interface Props {
  readonly onClose: () => void;
  readonly onDone: (link: OneTimeLink) => Promise<void>;
}

export function InviteDialog({ onClose, onDone }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const [locale, setLocale] = useState<'zh-CN' | 'en'>('zh-CN');
  const [lacking, setLacking] = useState(false);
  const { busy, trouble, run } = useAct({ email_taken: say('taken'), roles_in_conflict: say('conflict') });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setLacking(roles.length === 0);
    if (roles.length === 0) return;
    void run(async (key) => {
      const body = { email: email.trim(), roles: [...roles], locale };
      const { person, setupLink, expiresAt } = await call('invitePerson', { body, key });
      await onDone({ email: person.email, setupLink, expiresAt });
    });
  };
  return (
    <Dialog title={say('title')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={say('email')}>
          {(ties) => (
            <input
              {...ties}
              autoFocus
              type="email"
              required
              autoComplete="off"
              value={email}
              onChange={({ target }) => setEmail(target.value)}
            />
          )}
        </Field>
        <RoleBoxes roles={roles} onRoles={setRoles} />
        <Field label={say('language')}>
          {(ties) => (
            <select {...ties} value={locale} onChange={({ target }) => setLocale(target.value as 'zh-CN' | 'en')}>
              <option value="zh-CN">{say('zh')}</option>
              <option value="en">{say('en')}</option>
            </select>
          )}
        </Field>
        {lacking ? <Notice kind="bad">{say('noRole')}</Notice> : null}
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="act" type="submit" busy={busy}>
            {say('invite')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
