import type { Account } from './words.js';

const MINUTE = 60_000;

/** Some days in the life of an account, with a theft at the end: one unknown sign-in, one trade, one withdrawal. */
export function sampleActivity(
  accountId: string,
  now: Date,
): Pick<Account, 'balances' | 'trades' | 'withdrawals' | 'signIns' | 'apiKeys' | 'sessions' | 'withdrawalAddresses'> {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE).toISOString();
  const id = (kind: string, number: number) => `${kind}-${accountId}-${number}`;
  const home = { address: '203.0.113.24', device: 'Safari on macOS' }; // RFC 5737 documentation addresses
  const stranger = { address: '198.51.100.77', device: 'Chrome on Windows' };
  return {
    balances: [
      { asset: 'BTC', amount: '0.41250000' },
      { asset: 'ETH', amount: '3.2' },
      { asset: 'USDT', amount: '18250.75' },
    ],
    signIns: [
      { id: id('si', 1), time: ago(4320), ...home, place: 'Singapore', result: 'succeeded' },
      { id: id('si', 2), time: ago(1500), ...home, place: 'Singapore', result: 'succeeded' },
      { id: id('si', 3), time: ago(31), ...stranger, place: 'unknown', result: 'failed' },
      { id: id('si', 4), time: ago(30), ...stranger, place: 'unknown', result: 'succeeded' },
    ],
    trades: [
      {
        id: id('tr', 1),
        time: ago(1490),
        market: 'BTC-USDT',
        side: 'buy',
        amount: { asset: 'BTC', amount: '0.05' },
        price: { asset: 'USDT', amount: '61240.5' },
      },
      {
        id: id('tr', 2),
        time: ago(26),
        market: 'ETH-USDT',
        side: 'sell',
        amount: { asset: 'ETH', amount: '6.4' },
        price: { asset: 'USDT', amount: '2210.10' },
      },
    ],
    withdrawals: [
      {
        id: id('wd', 1),
        time: ago(18),
        amount: { asset: 'BTC', amount: '0.18' },
        network: 'bitcoin',
        address: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', // the example address of BIP-173
        txHash: '9f2c4a1e7b5d3806c1f4e8a7d2b9056341fa87e6c5d4b3a29180f7e6d5c4b3a2',
        status: 'sent',
      },
      {
        id: id('wd', 2),
        time: ago(3),
        amount: { asset: 'USDT', amount: '9500.00' },
        network: 'ethereum',
        address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', // an example address of ERC-55
        txHash: null,
        status: 'pending',
      },
    ],
    apiKeys: [{ id: id('key', 1), label: 'export', createdAt: ago(25), revokedAt: null }],
    withdrawalAddresses: [
      {
        id: id('adr', 1),
        label: 'cold wallet',
        network: 'bitcoin',
        address: 'bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3', // an example address of BIP-173
        addedAt: ago(300 * 1_440),
      },
      {
        id: id('adr', 2),
        label: 'new',
        network: 'ethereum',
        address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', // an example address of ERC-55
        addedAt: ago(28),
      },
    ],
    sessions: [
      { id: id('ses', 1), ...home, createdAt: ago(1500), revokedAt: null },
      { id: id('ses', 2), ...stranger, createdAt: ago(30), revokedAt: null },
    ],
  };
}
