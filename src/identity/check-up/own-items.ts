import { DAY } from '../../kernel/clock.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { isOld, mailOf, type Person, type Session } from '../words.js';
import { type CheckItem, good } from './words.js';

/** What is looked at, all of it ours. */
export interface OwnFacts {
  readonly person: Person;
  /** Open ones. */
  readonly sessions: readonly Pick<Session, 'usedAt'>[];
  /** When somebody last said, by the link of a notice, that a change was not theirs. */
  readonly disownedAt?: Date | undefined;
  /** When the password was last changed, as far as we still know. */
  readonly passwordChangedAt?: Date | undefined;
  readonly now: Date;
  /** Days until a factor counts towards somebody's identity. */
  readonly factorAgeDays: number;
}

const UNUSED_DAYS = 30; // a session that nobody has used for so long is one that nobody misses
const FEW_CODES = 3;

/** Everything about the sign-in itself. Pure; in no order. */
export const ownItems = (facts: OwnFacts): CheckItem[] => [
  password(facts),
  secondFactor(facts),
  passkey(facts),
  recoveryCodes(facts),
  mailbox(facts),
  telephone(facts),
  mailWord(facts),
  sessions(facts),
  account(facts),
];

function password({ disownedAt, passwordChangedAt }: OwnFacts): CheckItem {
  const at = ['password', { 'zh-CN': '登录密码', en: 'Password' }] as const;
  const link = '/security#password';
  if (disownedAt && !(passwordChangedAt && passwordChangedAt > disownedAt))
    return {
      id: at[0],
      state: 'danger',
      gain: 100,
      title: at[1],
      advice: {
        'zh-CN': '您声明过有一项变动不是您操作的，之后密码还没有更换过。请现在更换。',
        en: 'You said that a change was not yours, and the password has not been changed since. Change it now.',
      },
      link,
    };
  return good(
    ...at,
    {
      'zh-CN': '没有已知的问题。不需要定期更换；怀疑有人知道时再换。',
      en: 'Nothing known against it. It need not be changed by the calendar, only when somebody may know it.',
    },
    link,
  );
}

function secondFactor({ person, now, factorAgeDays }: OwnFacts): CheckItem {
  const at = ['second-factor', { 'zh-CN': '第二重验证', en: 'Second factor' }] as const;
  const link = '/security#second-factor';
  if (!hasSecondFactor(person))
    return {
      id: at[0],
      state: 'missing',
      gain: 98,
      title: at[1],
      advice: {
        'zh-CN': '现在只凭密码就能登录，您也无法立即冻结自己的账户。请添加通行密钥或身份验证器。',
        en: 'The password alone opens your account, and you cannot freeze it at once. Add a passkey or an authenticator app.',
      },
      link,
    };
  const since = [
    ...(person.totp ? [person.totp.confirmedAt] : []),
    ...(person.passkeys ?? []).map(({ addedAt }) => addedAt),
  ];
  if (!since.some((each) => isOld(each, now, factorAgeDays)))
    return {
      id: at[0],
      state: 'look',
      gain: 5,
      title: at[1],
      advice: {
        'zh-CN': `刚刚设置：满 ${factorAgeDays} 天后才能用来证明您的身份。如果不是您设置的，请马上报告。`,
        en: `Set up lately: it proves who you are once it is more than ${factorAgeDays} days old. If it was not you who set it up, report it now.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '已设置。', en: 'It is set up.' }, link);
}

function passkey({ person }: OwnFacts): CheckItem {
  const at = ['passkey', { 'zh-CN': '通行密钥', en: 'Passkey' }] as const;
  const link = '/security#passkeys';
  const count = (person.passkeys ?? []).length;
  const only = person.passkeys?.[0];
  if (count === 0)
    return {
      id: at[0],
      state: 'missing',
      gain: hasSecondFactor(person) ? 60 : 90,
      title: at[1],
      advice: {
        'zh-CN': '验证码可能被假网站骗走，通行密钥不会：它只认真正的网址。',
        en: 'A false page can trick you out of a code, but not out of a passkey: it works on the real address only.',
      },
      link,
    };
  if (count === 1 && only && !only.backedUp && !person.totp)
    return {
      id: at[0],
      state: 'weak',
      gain: 48,
      title: at[1],
      advice: {
        'zh-CN': '唯一的通行密钥只在一台设备上。请再添加一个，以免设备丢失后无法登录。',
        en: 'Your only passkey lives on one device. Add another, or you are locked out when it is lost.',
      },
      link,
    };
  return good(...at, { 'zh-CN': '已设置。', en: 'It is set up.' }, link);
}

function recoveryCodes({ person }: OwnFacts): CheckItem {
  const at = ['recovery-codes', { 'zh-CN': '恢复码', en: 'Recovery codes' }] as const;
  const link = '/security#recovery-codes';
  const left = person.recovery?.hashes.length ?? 0;
  if (!hasSecondFactor(person))
    return good(
      ...at,
      {
        'zh-CN': '设置第二重验证后会得到恢复码。',
        en: 'You get them once a second factor is set up.',
      },
      link,
    );
  if (left > FEW_CODES) return good(...at, { 'zh-CN': `还有 ${left} 个。`, en: `There are ${left} left.` }, link);
  return {
    id: at[0],
    state: left === 0 ? 'missing' : 'weak',
    gain: left === 0 ? 70 : 50,
    title: at[1],
    advice: {
      'zh-CN': `只剩 ${left} 个。请生成新的并保存在离线的地方：手机丢失时要靠它们登录。`,
      en: `There are ${left} left. Make new ones and keep them on paper: they let you in when the phone is lost.`,
    },
    link,
  };
}

function mailbox({ person }: OwnFacts): CheckItem {
  const at = ['mailbox', { 'zh-CN': '可信的邮箱', en: 'Trusted mailbox' }] as const;
  const link = '/security#contact-points';
  const trusted = person.contactPoints.filter(
    ({ kind, trust, confirmedAt }) => kind === 'email' && trust === 'normal' && confirmedAt,
  );
  if (mailOf(person) === undefined)
    return {
      id: at[0],
      state: 'danger',
      gain: 97,
      title: at[1],
      advice: {
        'zh-CN': '您没有可信的邮箱，我们的通知无法送达。请添加一个只有您能打开的邮箱并确认。',
        en: 'You have no trusted mailbox, so our notices do not reach you. Add one that only you can open, and confirm it.',
      },
      link,
    };
  if (trusted.length === 1)
    return {
      id: at[0],
      state: 'weak',
      gain: 55,
      title: at[1],
      advice: {
        'zh-CN': '只有一个邮箱。如果它被盗，我们就无处提醒您。请再添加一个邮箱或电话。',
        en: 'There is only one. If it is taken, there is nowhere left to warn you. Add another mailbox or a telephone.',
      },
      link,
    };
  return good(...at, { 'zh-CN': `有 ${trusted.length} 个。`, en: `There are ${trusted.length}.` }, link);
}

function telephone({ person, now, factorAgeDays }: OwnFacts): CheckItem {
  const at = ['telephone', { 'zh-CN': '电话号码', en: 'Telephone number' }] as const;
  const link = '/security#contact-points';
  const trusted = person.contactPoints.filter(({ kind, trust }) => kind === 'phone' && trust === 'normal');
  if (trusted.length === 0)
    return {
      id: at[0],
      state: 'missing',
      gain: 45,
      title: at[1],
      advice: {
        'zh-CN': `没有可以回电的号码。请现在登记：登记满 ${factorAgeDays} 天的号码才能在出事后帮您证明身份。`,
        en: `There is no number to call you back at. Add one now: only a number on file for more than ${factorAgeDays} days helps to prove who you are afterwards.`,
      },
      link,
    };
  if (!trusted.some(({ confirmedAt }) => confirmedAt))
    return {
      id: at[0],
      state: 'weak',
      gain: 25,
      title: at[1],
      advice: {
        'zh-CN': '号码还没有确认，我们无法用短信提醒您。',
        en: 'The number is not confirmed, so we cannot warn you by text message.',
      },
      link,
    };
  if (!trusted.some(({ addedAt }) => isOld(addedAt, now, factorAgeDays)))
    return {
      id: at[0],
      state: 'look',
      gain: 4,
      title: at[1],
      advice: {
        'zh-CN': `刚刚登记：满 ${factorAgeDays} 天后才能用来回电核实。如果不是您登记的，请马上报告。`,
        en: `Added lately: we call it back once it is more than ${factorAgeDays} days on file. If it was not you who added it, report it now.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '已登记。', en: 'It is on file.' }, link);
}

function mailWord({ person }: OwnFacts): CheckItem {
  const at = ['mail-word', { 'zh-CN': '防钓鱼码', en: 'Your own word in our mails' }] as const;
  const link = '/security#mail-word';
  const setAt = person.mailWord?.setAt;
  if (!setAt)
    return {
      id: at[0],
      state: 'missing',
      gain: 42,
      title: at[1],
      advice: {
        'zh-CN': '设置后，我们发给您的每封邮件都会显示它。没有它的邮件就不是我们发的。',
        en: 'Once you choose one, every mail from us shows it. A mail without it is not ours.',
      },
      link,
    };
  if (person.contactPoints.some(({ compromisedAt }) => compromisedAt && compromisedAt > setAt))
    return {
      id: at[0],
      state: 'danger',
      gain: 75,
      title: at[1],
      advice: {
        'zh-CN': '一个邮箱可能已落入他人手中，那里的邮件中有它。请换一个。',
        en: 'Somebody may be reading one of your mailboxes, and the mails there show it. Choose another.',
      },
      link,
    };
  return good(...at, { 'zh-CN': '已设置。', en: 'It is set.' }, link);
}

function sessions({ sessions: open, now }: OwnFacts): CheckItem {
  const at = ['sessions', { 'zh-CN': '登录中的设备', en: 'Signed-in devices' }] as const;
  const link = '/security#sessions';
  const unused = open.filter(({ usedAt }) => now.getTime() - usedAt.getTime() > UNUSED_DAYS * DAY).length;
  if (unused > 0)
    return {
      id: at[0],
      state: 'old',
      gain: 35,
      title: at[1],
      advice: {
        'zh-CN': `有 ${unused} 个登录已超过 ${UNUSED_DAYS} 天没有使用。请结束您不用的。`,
        en: `${unused} of them have not been used for more than ${UNUSED_DAYS} days. End those that you do not use.`,
      },
      link,
    };
  if (open.length > 1)
    return {
      id: at[0],
      state: 'look',
      gain: 15,
      title: at[1],
      advice: {
        'zh-CN': `共有 ${open.length} 个登录。请看看是不是都认得。`,
        en: `There are ${open.length}. See whether you know them all.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '只有这一个。', en: 'Only this one.' }, link);
}

function account({ person }: OwnFacts): CheckItem {
  const at = ['account', { 'zh-CN': '交易所账户', en: 'Exchange account' }] as const;
  const link = '/security#account';
  if (person.accountId !== undefined) return good(...at, { 'zh-CN': '已关联。', en: 'It is linked.' }, link);
  return {
    id: at[0],
    state: 'missing',
    gain: 65,
    title: at[1],
    advice: {
      'zh-CN': '还没有关联。关联后，您报告时我们可以立即冻结账户，而不必先查明是哪一个。',
      en: 'It is not linked. Once it is, we can freeze it the moment you report, without finding out first which one it is.',
    },
    link,
  };
}
