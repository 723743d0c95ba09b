import { BlockList, isIPv6 } from 'node:net';

export const PLACE_KINDS = ['this-machine', 'private-network', 'internet', 'unknown'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/**
 * Where an address is, as far as that can be told without asking anybody: what kind of network, and which part of it. No
 * city: that takes a database that others keep, or a question to them about our customers.
 */
export interface Place {
  readonly kind: PlaceKind;
  /** `203.0.113.0/24`, `2001:db8:12::/48`: enough for its owner to know it again, too little to find them by. */
  readonly network?: string;
}

const listOf = (...ranges: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4');
  return list;
};

const MACHINE = listOf(['127.0.0.0', 8], ['::1', 128]);
/** RFC 1918, RFC 6598 (shared by carriers), RFC 3927 and RFC 4291 (link-local), RFC 4193 (unique local). */
const PRIVATE = listOf(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['fe80::', 10],
  ['fc00::', 7],
);

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

export function placeOf(given: string | undefined): Place {
  const bare = given?.replace(/%.*$/, '') ?? '';
  const address = MAPPED.exec(bare)?.[1] ?? bare;
  const network = isIPv6(address) ? networkOf6(address) : networkOf4(address);
  if (network === undefined) return { kind: 'unknown' };
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (MACHINE.check(address, family)) return { kind: 'this-machine' };
  return { kind: PRIVATE.check(address, family) ? 'private-network' : 'internet', network };
}

function networkOf4(address: string): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(address);
  return parts ? `${parts[1]}.${parts[2]}.${parts[3]}.0/24` : undefined;
}

/** The URL parser writes an IPv6 address in its one canonical form (RFC 5952). */
function networkOf6(address: string): string {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = head ? head.split(':') : [];
  const known = tail === undefined ? groups : [...groups, '0', '0', '0'];
  const first = known
    .slice(0, 3)
    .join(':')
    .replace(/(?::0)+$/, '')
    .replace(/^0$/, '');
  return `${first}::/48`;
}
