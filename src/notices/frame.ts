import type { Locale } from '../kernel/locale.js';

/** What every mail begins and ends with. */
export const FRAME: Readonly<
  Record<Locale, { readonly hello: string; readonly word: string; readonly goodbye: string; readonly care: string }>
> = {
  'zh-CN': {
    hello: '您好：',
    word: '您的防钓鱼码：',
    goodbye: '账户安全团队',
    care: '这是系统自动发送的邮件。我们绝不会通过邮件或电话索要您的密码、验证码或恢复码。',
  },
  en: {
    hello: 'Hello,',
    word: 'Your own word, in every mail from us: ',
    goodbye: 'The account security team',
    care: 'This mail was sent automatically. We never ask for your password, codes or recovery codes by mail or phone.',
  },
};
