import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import type { Kind } from '../kinds.js';
import type { Activity } from './draft.js';

const TEXTS = textsOf('activity', {
  wait: { 'zh-CN': '正在向交易所查询最近的活动……', en: 'Asking the exchange for recent activity …' },
  trades: { 'zh-CN': '最近的交易', en: 'Recent trades' },
  withdrawals: { 'zh-CN': '最近的提现', en: 'Recent withdrawals' },
  signIns: { 'zh-CN': '最近的登录', en: 'Recent sign-ins' },
  none: { 'zh-CN': '没有记录。', en: 'None on record.' },
  more: { 'zh-CN': '显示全部 {{count}} 条', en: 'Show all {{count}}' },
  buy: { 'zh-CN': '买入', en: 'Bought' },
  sell: { 'zh-CN': '卖出', en: 'Sold' },
  at: { 'zh-CN': '{{market}}，价格 {{price}}', en: '{{market}} at {{price}}' },
  to: { 'zh-CN': '{{network}} → ', en: '{{network}} → ' },
  pending: { 'zh-CN': '处理中', en: 'pending' },
  held: { 'zh-CN': '已拦下', en: 'held' },
  sent: { 'zh-CN': '已发出', en: 'sent' },
  cancelled: { 'zh-CN': '已取消', en: 'cancelled' },
  succeeded: { 'zh-CN': '登录成功', en: 'got in' },
  failed: { 'zh-CN': '登录失败', en: 'did not get in' },
  unknown: { 'zh-CN': '地点不详', en: 'place unknown' },
  account_not_linked: {
    'zh-CN': '您还没有关联交易所账户，请在下面填写。',
    en: 'No account at the exchange is linked yet: write it down below.',
  },
  exchange_unavailable: {
    'zh-CN': '现在查不到最近的活动。您可以先在下面填写，或稍后再试。',
    en: 'Recent activity cannot be looked up right now. Write it down below, or try again.',
  },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
});

type Found = Reply<'listAccountActivity'>;
export type Picked = Readonly<Record<Activity, readonly string[]>>;

/** At first; older ones are rarely what it is about. */
const FIRST = 5;

/** What the kind is about comes first. */
const order = (kind: Kind | undefined): readonly Activity[] =>
  kind === 'unauthorized_trade'
    ? ['trades', 'withdrawals', 'signIns']
    : kind === 'account_takeover'
      ? ['signIns', 'withdrawals', 'trades']
      : ['withdrawals', 'trades', 'signIns'];

interface Props {
  readonly kind: Kind | undefined;
  readonly picked: Picked;
  /** @param earliest  when the first of what is picked happened, ISO 8601; undefined when nothing is */
  readonly onPick: (picked: Picked, earliest: string | undefined) => void;
}

/** The account's recent activity, to be ticked where it was somebody else. */
export function ActivityList({ kind, picked, onPick }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { data, error, refetch } = useQuery({
    queryKey: ['listAccountActivity'],
    queryFn: () => call('listAccountActivity'),
    staleTime: 60_000,
  });
  if (error) {
    const own = { account_not_linked: say('account_not_linked'), exchange_unavailable: say('exchange_unavailable') };
    return (
      <Notice kind="warn">
        {problemText(error, own)}{' '}
        <Button look="link" onClick={() => void refetch()}>
          {say('again')}
        </Button>
      </Notice>
    );
  }
  if (!data) return <Waiting>{say('wait')}</Waiting>;
  const toggle = (group: Activity, id: string) => {
    const ids = picked[group];
    const next = { ...picked, [group]: ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id] };
    onPick(next, earliestOf(data, next));
  };
  return order(kind).map((group) => (
    <Group key={group} group={group} found={data} picked={picked[group]} onToggle={(id) => toggle(group, id)} />
  ));
}

const earliestOf = (found: Found, picked: Picked): string | undefined =>
  (['trades', 'withdrawals', 'signIns'] as const)
    .flatMap((group) => found[group].filter(({ id }) => picked[group].includes(id)).map(({ time }) => time))
    .toSorted()[0];

interface GroupProps {
  readonly group: Activity;
  readonly found: Found;
  readonly picked: readonly string[];
  readonly onToggle: (id: string) => void;
}

function Group({ group, found, picked, onToggle }: GroupProps): ReactNode {
  const say = useTexts(TEXTS);
  const [all, setAll] = useState(false);
  const lines = linesOf(found, group, say).toSorted((a, b) => b.time.localeCompare(a.time));
  const shown = lines.filter(({ id }, index) => all || index < FIRST || picked.includes(id));
  return (
    <fieldset className="activity">
      <legend>{say(group)}</legend>
      {lines.length === 0 ? <p className="hint">{say('none')}</p> : null}
      {shown.map(({ id, time, what, detail }) => (
        <label key={id} className="tick">
          <input type="checkbox" checked={picked.includes(id)} onChange={() => onToggle(id)} />
          <span>
            <strong>{what}</strong>
            <span className="hint">{detail}</span>
            <span className="hint">
              <Time at={time} style="short" />
            </span>
          </span>
        </label>
      ))}
      {shown.length < lines.length ? (
        <Button look="link" onClick={() => setAll(true)}>
          {say('more', { count: lines.length })}
        </Button>
      ) : null}
    </fieldset>
  );
}

type Say = ReturnType<typeof useTexts<typeof TEXTS.texts>>;
type Line = { readonly id: string; readonly time: string; readonly what: string; readonly detail: string };

function linesOf(found: Found, group: Activity, say: Say): Line[] {
  const money = ({ asset, amount }: { asset: string; amount: string }) => `${amount} ${asset}`;
  if (group === 'trades')
    return found.trades.map(({ id, time, side, market, amount, price }) => ({
      id,
      time,
      what: `${say(side)} ${money(amount)}`,
      detail: say('at', { market, price: money(price) }),
    }));
  if (group === 'withdrawals')
    return found.withdrawals.map(({ id, time, amount, network, address, status }) => ({
      id,
      time,
      what: `${money(amount)} · ${say(status)}`,
      detail: say('to', { network }) + address,
    }));
  return found.signIns.map(({ id, time, device, place, address, result }) => ({
    id,
    time,
    what: `${device} · ${say(result)}`,
    detail: `${place === 'unknown' || !place ? say('unknown') : place} · ${address}`,
  }));
}
