import { randomInt } from 'node:crypto';
import type { Decision, Exchange } from './exchange.js';
import { Refusal } from './refusal.js';
import type { LinkCode } from './words.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford base 32: no I, L, O, U
const LENGTH = 12; // 60 bits: not guessed in the ten minutes a code lives

/** Issues the code that an owner, signed in at the exchange, carries to the partner. */
export function issueLinkCode(exchange: Exchange, accountId: string, minutes: number): LinkCode {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const linkCode: LinkCode = {
    code: (letters.match(/.{4}/g) ?? []).join('-'),
    accountId: exchange.account(accountId).accountId,
    expiresAt: new Date(exchange.now().getTime() + minutes * 60_000).toISOString(),
    redeemedBy: null,
  };
  exchange.commit({ type: 'link_code_issued', linkCode });
  return linkCode;
}

/** @throws Refusal `link_code_invalid`: never issued, expired and used up look the same */
export function redeemLinkCode(exchange: Exchange, code: string): Decision {
  const found = exchange.state.linkCodes.get(code);
  if (!found || found.redeemedBy !== null || found.expiresAt <= exchange.now().toISOString())
    throw new Refusal('link_code_invalid');
  const { accountId, uid } = exchange.account(found.accountId);
  return { accountId, effects: [{ effect: 'link_code_redeemed', subject: code }], answer: { accountId, uid } };
}
