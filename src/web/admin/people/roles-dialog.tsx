import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Role } from '../../ground/session.js';
import { Button, Dialog, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { RoleBoxes } from './role-boxes.js';
import type { Person } from './use-people.js';

const TEXTS = textsOf('roles-dialog', {
  title: { 'zh-CN': '{{email}} 的角色', en: 'Roles of {{email}}' },
  ends: { 'zh-CN': '保存后，此人的登录会全部结束。', en: 'Their sessions end when this is saved.' },
  none: {
    'zh-CN': '没有任何角色的人什么也做不了。要暂时不让其登录，请用“停用”。',
    en: 'Without a role they can do nothing. To shut them out for a time, suspend them instead.',
  },
  conflict: {
    'zh-CN': '这些角色不能由同一个人担任：合规、管理员与处理案件的角色互斥。',
    en: 'One person cannot hold these together: compliance and admin exclude the roles that work on cases.',
  },
  own: { 'zh-CN': '没有人可以更改自己的角色。', en: 'Nobody changes their own roles.' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  save: { 'zh-CN': '保存', en: 'Save' },
});

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

export function RolesDialog({ person, onClose, onDone }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const [roles, setRoles] = useState<readonly Role[]>(person.roles);
  const { busy, trouble, run } = useAct({ roles_in_conflict: say('conflict'), own_roles: say('own') });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await call('setRoles', { params: { personId: person.id }, body: { roles: [...roles] } });
      await onDone();
    });
  };
  return (
    <Dialog title={say('title', { email: person.email })} onClose={onClose}>
      <form onSubmit={submit}>
        <RoleBoxes roles={roles} onRoles={setRoles} />
        <p className="hint">{say('ends')}</p>
        {roles.length === 0 ? <Notice kind="warn">{say('none')}</Notice> : null}
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="act" type="submit" busy={busy}>
            {say('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
