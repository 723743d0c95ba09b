import { BlockList, isIP } from 'node:net';
import { auditProblem } from './problems.js';
import type { EventFilter } from './store.js';
import { type AuditEvent, type Opening, SOURCE_ADDRESS } from './words.js';

/** What is looked for beyond what an index answers. */
export interface Sought {
  /** A role the actor held. */
  readonly role?: string | undefined;
  /** Words, all of which stand somewhere in the event or in what opens it. */
  readonly text?: string | undefined;
  /** An address, or a network in CIDR form. */
  readonly sourceAddress?: string | undefined;
}

export interface SearchFilter extends EventFilter, Sought {}

export type Matches = (event: AuditEvent, openings: readonly Opening[]) => boolean;

/** @throws Problem `address_not_valid` */
export function matcherOf({ role, text, sourceAddress }: Sought): Matches {
  const words = folded(text ?? '')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const isSource = sourceAddress === undefined ? undefined : networkOf(sourceAddress);
  return (event, openings) => {
    if (role !== undefined && !event.actor.roles.includes(role)) return false;
    if (isSource && !openings.some(({ field, value }) => field === SOURCE_ADDRESS && isSource(value))) return false;
    if (words.length === 0) return true;
    const { commitments: _, version: __, ...said } = event;
    const all = folded([...valuesIn(said), ...openings.map(({ value }) => value)].join('\n'));
    return words.every((word) => all.includes(word));
  };
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

function* valuesIn(value: unknown): Generator<string> {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* valuesIn(inner);
  else yield String(value);
}

function networkOf(given: string): (address: string) => boolean {
  const [address = '', bits] = given.split('/');
  const family = familyOf(address);
  const longest = family === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (!family || prefix > longest) throw auditProblem('address_not_valid');
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return (other) => {
    const kind = familyOf(other);
    return kind !== undefined && list.check(other, kind);
  };
}

const familyOf = (address: string) => (({ 4: 'ipv4', 6: 'ipv6' }) as const)[isIP(address) as 4 | 6];
