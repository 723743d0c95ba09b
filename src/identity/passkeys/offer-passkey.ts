import type { Actor } from '../../kernel/actor.js';
import type { Input } from '../../kernel/route.js';
import { checkPassword } from '../check-password.js';
import type { IdentityContext } from '../context.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { identityProblem } from '../problems.js';
import { readPerson } from '../store.js';
import { CHALLENGE_MS, issueChallenge } from './challenge.js';
import { RELYING_PARTY_NAME, relyingPartyOf } from './relying-party.js';
import { webauthn } from './webauthn.js';

/** COSE algorithms, the best first: EdDSA, ES256, RS256 (for Windows Hello). Source: IANA COSE Algorithms */
export const ALGORITHMS = [-8, -7, -257];

/** The first second factor takes the password again; later ones are re-verified when they are added. */
export const registrationPurpose = ({ id, sessionId }: Actor, first: boolean): string =>
  `register ${first ? 'first' : 'further'} ${id} ${sessionId ?? ''}`;

/**
 * What `navigator.credentials.create` is called with to make a passkey for this person: one that names its owner by itself
 * and that the device uses only after checking them.
 *
 * @param password  asked of whoever has no second factor yet
 * @throws Problem `password_refused` · `passkeys_unavailable` · `too_many_requests`
 * A wrong password is audited as `proof.refused`. Source: Web Authentication level 3, 5.4
 */
export async function offerPasskey(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { password }: { password?: string },
) {
  const { actor } = input;
  const party = relyingPartyOf(ctx);
  const known = await readPerson(ctx.db, actor.id);
  if (!known) throw identityProblem('person_not_found');
  const first = !hasSecondFactor(known);
  const person = first ? await checkPassword(ctx, input, password ?? '', 'add-passkey') : known;
  const challenge = issueChallenge(ctx.secrets, registrationPurpose(actor, first), ctx.clock.now());
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: RELYING_PARTY_NAME,
    rpID: party.id,
    userID: new Uint8Array(Buffer.from(person._id)),
    userName: person.email,
    userDisplayName: person.email,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: CHALLENGE_MS,
    attestationType: 'none', // any authenticator is welcome, and none need say whose make it is
    excludeCredentials: (person.passkeys ?? []).map(({ credentialId, transports }) => ({
      id: credentialId,
      transports,
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  const { rp, user, pubKeyCredParams, timeout, excludeCredentials, authenticatorSelection, attestation } = options;
  return {
    publicKey: {
      challenge,
      rp,
      user,
      pubKeyCredParams,
      timeout,
      excludeCredentials,
      authenticatorSelection,
      attestation,
    },
  };
}
