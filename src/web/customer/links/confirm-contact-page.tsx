import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { LinkPage } from './link-page.js';

const TEXTS = textsOf('confirm-contact', {
  title: { 'zh-CN': '确认联系方式', en: 'Confirm this address' },
  why: {
    'zh-CN': '有人把这个邮箱添加为其账户的联系方式。如果不是您，请关闭本页。',
    en: 'Somebody added this mailbox to how they can be reached. If it was not you, close this page.',
  },
  act: { 'zh-CN': '这是我的邮箱', en: 'This mailbox is mine' },
  done: {
    'zh-CN': '已确认。从现在起，重要通知也会发到这个邮箱。',
    en: 'Confirmed. From now on important notices come here too.',
  },
  link_refused: {
    'zh-CN': '没有成功：链接已经用过或已过期。',
    en: 'That did not work: the link was used or has expired.',
  },
});

export function ConfirmContactPage(): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct({ link_refused: say('link_refused') });
  const [done, setDone] = useState(false);
  const confirm = (token: string) =>
    void act.run(async (key) => {
      await call('confirmContactPoint', { body: { token }, key });
      setDone(true);
    });
  return (
    <LinkPage title={say('title')} why={done ? undefined : say('why')}>
      {(secret) =>
        done ? (
          <Notice kind="good">{say('done')}</Notice>
        ) : (
          <>
            {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
            <div className="actions">
              <Button look="act" busy={act.busy} onClick={() => confirm(secret)}>
                {say('act')}
              </Button>
            </div>
          </>
        )
      }
    </LinkPage>
  );
}
