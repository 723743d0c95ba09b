import type { Amount } from './words.js';

/** Adds one amount to the balance of its asset, exactly: decimal strings as scaled integers. */
export function addAmount(balances: readonly Amount[], extra: Amount): Amount[] {
  const known = balances.some((balance) => balance.asset === extra.asset);
  if (!known) return [...balances, { ...extra }];
  return balances.map((balance) =>
    balance.asset === extra.asset ? { asset: balance.asset, amount: sum(balance.amount, extra.amount) } : balance,
  );
}

function sum(left: string, right: string): string {
  const scale = Math.max(decimals(left), decimals(right));
  const total = (scaled(left, scale) + scaled(right, scale)).toString().padStart(scale + 1, '0');
  return scale === 0 ? total : `${total.slice(0, -scale)}.${total.slice(-scale)}`;
}

const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;

const scaled = (text: string, scale: number): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
};
