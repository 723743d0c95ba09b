import { isIP } from 'node:net';
import { baseUrlOf, type IdentityContext } from '../context.js';
import { factorProblem } from '../factors/problems.js';

/** Whom passkeys are made for and where they may be used. */
export interface RelyingParty {
  /** Host name; passkeys of another one do not work here, which is what keeps phishing pages out. */
  readonly id: string;
  readonly origin: string;
}

export const RELYING_PARTY_NAME = 'Firebreak';

const LOOPBACK = new Set(['127.0.0.1', '[::1]']);

/**
 * By BASE_URL. WebAuthn knows no relying parties without a name (5.1.2): on this machine it is `localhost`, and the pages
 * must be opened under that name.
 *
 * @throws Problem `passkeys_unavailable` when BASE_URL names an address
 */
export function relyingPartyOf(ctx: Pick<IdentityContext, 'config'>): RelyingParty {
  const party = findRelyingParty(ctx);
  if (!party) throw factorProblem('passkeys_unavailable');
  return party;
}

/** The same; undefined when BASE_URL names an address. */
export function findRelyingParty(ctx: Pick<IdentityContext, 'config'>): RelyingParty | undefined {
  const { protocol, hostname, port } = new URL(baseUrlOf(ctx));
  const id = LOOPBACK.has(hostname) ? 'localhost' : hostname;
  if (isIP(id.replace(/^\[|\]$/g, ''))) return undefined;
  return { id, origin: `${protocol}//${id}${port && `:${port}`}` };
}
