import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import { InviteDialog } from './invite-dialog.js';
import { PeopleTable } from './people-table.js';
import { ReasonDialog } from './reason-dialog.js';
import { RolesDialog } from './roles-dialog.js';
import { type OneTimeLink, SetupLinkDialog } from './setup-link-dialog.js';
import { type Person, usePeople } from './use-people.js';

const TEXTS = textsOf('people', {
  title: { 'zh-CN': '人员', en: 'People' },
  lead: {
    'zh-CN': '谁在这里工作、可以做什么。每次改动都需要您确认，并会被记录。',
    en: 'Who works here and what they may. You confirm each change, and it is recorded.',
  },
  invite: { 'zh-CN': '邀请…', en: 'Invite …' },
  search: { 'zh-CN': '按邮箱、角色或编号查找', en: 'Find by e-mail, role or id' },
  shown: { 'zh-CN': '{{n}} 人', en: 'People: {{n}}' },
  rolesDone: {
    'zh-CN': '{{email}} 的角色已更改，其登录已全部结束。',
    en: '{{email}} has other roles now; their sessions have ended.',
  },
  suspendDone: { 'zh-CN': '{{email}} 已停用。', en: '{{email}} is suspended.' },
  reinstateDone: { 'zh-CN': '{{email}} 已恢复。', en: '{{email}} may sign in again.' },
});

/** What is being done with somebody. */
export type Doing =
  | { readonly act: 'invite' }
  | { readonly act: 'roles' | 'suspend' | 'reinstate' | 'reset'; readonly person: Person };

export function PeoplePage(): ReactNode {
  const say = useTexts(TEXTS);
  const { message } = App.useApp();
  const client = useQueryClient();
  const [sought, setSought] = useState('');
  const [doing, setDoing] = useState<Doing>();
  const [link, setLink] = useState<OneTimeLink>();
  const { data, error, isPending, refetch } = usePeople();
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (data ?? []).filter(({ id, email, roles }) => {
    const all = [id, email, ...roles].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const close = () => setDoing(undefined);
  const done = async (said?: string) => {
    close();
    if (said) message.success(said);
    await client.invalidateQueries({ queryKey: ['listPeople'] });
  };
  const linked = async (given: OneTimeLink) => {
    setLink(given);
    await done();
  };
  return (
    <>
      <PageTitle
        title={say('title')}
        lead={say('lead')}
        acts={
          <Button type="primary" onClick={() => setDoing({ act: 'invite' })}>
            {say('invite')}
          </Button>
        }
      />
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      <search className="people-search">
        <Input
          type="search"
          aria-label={say('search')}
          placeholder={say('search')}
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
        <span className="soft" role="status">
          {say('shown', { n: shown.length })}
        </span>
      </search>
      <PeopleTable people={shown} loading={isPending && !error} onAct={setDoing} />
      {doing?.act === 'invite' ? <InviteDialog onClose={close} onDone={linked} /> : null}
      {doing?.act === 'roles' ? (
        <RolesDialog
          person={doing.person}
          onClose={close}
          onDone={() => done(say('rolesDone', { email: doing.person.email }))}
        />
      ) : null}
      {doing?.act === 'suspend' || doing?.act === 'reinstate' || doing?.act === 'reset' ? (
        <ReasonDialog
          act={doing.act}
          person={doing.person}
          onClose={close}
          onDone={(given) =>
            given
              ? linked(given)
              : done(say(doing.act === 'suspend' ? 'suspendDone' : 'reinstateDone', { email: doing.person.email }))
          }
        />
      ) : null}
      {link ? <SetupLinkDialog link={link} onClose={() => setLink(undefined)} /> : null}
    </>
  );
}
