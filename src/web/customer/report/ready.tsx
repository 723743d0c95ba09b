import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';

const TEXTS = textsOf('ready', {
  title: {
    'zh-CN': '准备好这些会更快（没有也可以先报告）',
    en: 'Good to have at hand (report without it if you must)',
  },
  when: { 'zh-CN': '大约什么时候发生、什么时候发现', en: 'Roughly when it happened, and when you noticed' },
  what: {
    'zh-CN': '涉及的币种和数量、交易哈希、对方地址',
    en: 'Assets and amounts, transaction hashes, the addresses they went to',
  },
  shots: {
    'zh-CN': '截图：订单或提现记录、登录通知、聊天记录、可疑网址',
    en: 'Screenshots: orders or withdrawals, sign-in notices, chats, the address of a suspicious site',
  },
  never: {
    'zh-CN': '我们绝不会向您要密码、验证码、助记词或私钥，也请不要写在报告里。',
    en: 'We never ask for a password, a code, a seed phrase or a private key. Do not write them here either.',
  },
});

/** What to have ready; folded away, for the frightened do not read lists. */
export function Ready(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <details className="ready">
      <summary>{say('title')}</summary>
      <ul>
        <li>{say('when')}</li>
        <li>{say('what')}</li>
        <li>{say('shots')}</li>
      </ul>
      <p>{say('never')}</p>
    </details>
  );
}
