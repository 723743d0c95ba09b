import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { LogKeys } from './log-keys.js';
import { MasterKeys } from './master-keys.js';
import { SigningKeys } from './signing-keys.js';

const TEXTS = textsOf('keys', {
  title: { 'zh-CN': '密钥', en: 'Keys' },
  lead: {
    'zh-CN': '有哪些密钥、各管什么、怎样轮换。密钥本身从不在页面上出现；轮换在服务器上用命令进行。',
    en: 'Which keys there are, what each is for, and how it is rotated. No key itself is ever on a page; rotation is a command on the server.',
  },
});

/** The three kinds of keys of the house. */
export function KeysPage(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      <SigningKeys />
      <LogKeys />
      <MasterKeys />
    </>
  );
}
