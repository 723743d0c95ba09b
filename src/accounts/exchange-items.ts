import { type CheckItem, good } from '../identity/index.js';
import { DAY } from '../kernel/clock.js';
import type { AccountState } from './exchange.js';

const YOUNG_DAYS = 7; // a thief's doing is seldom older when it is noticed
const OLD_KEY_DAYS = 180;

/** What the exchange itself says of the account's doors. Pure; in no order. Nothing there is guessed at what it leaves out. */
export const exchangeItems = (state: AccountState, now: Date): CheckItem[] => [
  apiKeys(state, now),
  ...(state.withdrawalAddresses ? [addresses(state.withdrawalAddresses, now)] : []),
  sessions(state, now),
];

const within = (instant: string | undefined, days: number, now: Date): boolean =>
  instant !== undefined && now.getTime() - Date.parse(instant) <= days * DAY;

const isLive = ({ revokedAt }: { readonly revokedAt: string | null }): boolean => revokedAt === null;

function apiKeys({ apiKeys: all }: AccountState, now: Date): CheckItem {
  const at = ['api-keys', { 'zh-CN': 'API 密钥', en: 'API keys' }] as const;
  const link = '/account#api-keys';
  const live = all.filter(isLive);
  const young = live.filter(({ createdAt }) => within(createdAt, YOUNG_DAYS, now)).length;
  if (young > 0)
    return {
      id: at[0],
      state: 'danger',
      gain: 88,
      title: at[1],
      advice: {
        'zh-CN': `最近 ${YOUNG_DAYS} 天内新建了 ${young} 个。如果不是您建的，请马上报告；有密钥的人不需要登录就能操作。`,
        en: `${young} made within the last ${YOUNG_DAYS} days. If they are not yours, report it now: whoever has a key needs no sign-in.`,
      },
      link,
    };
  const old = live.filter(({ createdAt }) => createdAt !== undefined && !within(createdAt, OLD_KEY_DAYS, now)).length;
  if (old > 0)
    return {
      id: at[0],
      state: 'old',
      gain: 40,
      title: at[1],
      advice: {
        'zh-CN': `有 ${old} 个已使用超过 ${OLD_KEY_DAYS} 天。请在交易所更换或删除。`,
        en: `${old} are more than ${OLD_KEY_DAYS} days old. Replace or delete them at the exchange.`,
      },
      link,
    };
  if (live.length > 0)
    return {
      id: at[0],
      state: 'look',
      gain: 30,
      title: at[1],
      advice: {
        'zh-CN': `共有 ${live.length} 个。请在交易所删除不再使用的。`,
        en: `There are ${live.length}. Delete those that you do not use at the exchange.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '没有。', en: 'There are none.' }, link);
}

function addresses(all: NonNullable<AccountState['withdrawalAddresses']>, now: Date): CheckItem {
  const at = ['withdrawal-addresses', { 'zh-CN': '提现地址', en: 'Withdrawal addresses' }] as const;
  const link = '/account#withdrawal-addresses';
  const young = all.filter(({ addedAt }) => within(addedAt, YOUNG_DAYS, now)).length;
  if (young > 0)
    return {
      id: at[0],
      state: 'danger',
      gain: 92,
      title: at[1],
      advice: {
        'zh-CN': `最近 ${YOUNG_DAYS} 天内新增了 ${young} 个。如果有您不认识的，请马上报告：资产可能正要转到那里。`,
        en: `${young} added within the last ${YOUNG_DAYS} days. If you do not know one, report it now: it is where assets would go.`,
      },
      link,
    };
  if (all.length > 0)
    return {
      id: at[0],
      state: 'look',
      gain: 20,
      title: at[1],
      advice: {
        'zh-CN': `共有 ${all.length} 个。请看看是不是都认得，并在交易所删除不用的。`,
        en: `There are ${all.length}. See whether you know them all, and delete those you do not use at the exchange.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '没有登记。', en: 'None are saved.' }, link);
}

function sessions({ sessions: all }: AccountState, now: Date): CheckItem {
  const at = ['exchange-sessions', { 'zh-CN': '交易所的登录', en: 'Sessions at the exchange' }] as const;
  const link = '/account#sessions';
  const live = all.filter(isLive);
  const young = live.filter(({ createdAt }) => within(createdAt, YOUNG_DAYS, now)).length;
  if (live.length > 1)
    return {
      id: at[0],
      state: 'look',
      gain: young > 1 ? 58 : 28,
      title: at[1],
      advice: {
        'zh-CN': `共有 ${live.length} 个登录，其中 ${young} 个是最近 ${YOUNG_DAYS} 天内的。如果有不认识的设备，请马上报告。`,
        en: `There are ${live.length}, ${young} of them opened within the last ${YOUNG_DAYS} days. If you do not know a device, report it now.`,
      },
      link,
    };
  return good(...at, { 'zh-CN': '没有异常。', en: 'Nothing out of the ordinary.' }, link);
}
