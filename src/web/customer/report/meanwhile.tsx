import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Kind } from '../kinds.js';

const TEXTS = textsOf('meanwhile', {
  title: { 'zh-CN': '现在可以做的', en: 'What you can do meanwhile' },
  password: {
    'zh-CN': '用另一台没有问题的设备，更改交易所和邮箱的密码。',
    en: 'On another device that is sound, change the passwords of the exchange and of your mailbox.',
  },
  devices: {
    'zh-CN': '在交易所退出所有设备，删除不认识的 API 密钥和提现地址。',
    en: 'Sign every device out at the exchange; remove API keys and withdrawal addresses you do not know.',
  },
  nobody: {
    'zh-CN': '不要相信声称能帮您追回资产的人。我们不会打电话要验证码、助记词或付款。',
    en: 'Trust nobody who promises to get assets back. We never call for a code, a seed phrase or a payment.',
  },
  keep: {
    'zh-CN': '保留聊天记录、邮件和网址，不要删除，也不要再联系对方。',
    en: 'Keep chats, mails and addresses: delete nothing, and do not answer whoever did it.',
  },
  wallet: {
    'zh-CN': '如果泄露了助记词或私钥，请马上把那个钱包里剩余的资产转到新的钱包。',
    en: 'If a seed phrase or a private key got out, move what is left in that wallet to a new one now.',
  },
});

type Advice = 'password' | 'devices' | 'nobody' | 'keep' | 'wallet';

const ADVICE: Readonly<Record<Kind, readonly Advice[]>> = {
  unauthorized_withdrawal: ['password', 'devices', 'keep', 'nobody'],
  unauthorized_trade: ['password', 'devices', 'keep', 'nobody'],
  account_takeover: ['password', 'devices', 'keep', 'nobody'],
  phishing: ['password', 'wallet', 'keep', 'nobody'],
  other: ['keep', 'nobody'],
};

export function Meanwhile({ kind }: { readonly kind: Kind }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <section className="sheet">
      <h2>{say('title')}</h2>
      <ul>
        {ADVICE[kind].map((advice) => (
          <li key={advice}>{say(advice)}</li>
        ))}
      </ul>
    </section>
  );
}
