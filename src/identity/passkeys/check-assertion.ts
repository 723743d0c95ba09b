import type { Passkey } from '../words.js';
import type { RelyingParty } from './relying-party.js';
import { webauthn } from './webauthn.js';

/** What an authenticator answers (AuthenticatorAssertionResponse, WebAuthn 5.2.2); base64url throughout. */
export interface Assertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** Of a passkey that names its owner: the person id. */
  readonly userHandle?: string;
}

export interface Shown {
  readonly counter: number;
  readonly backedUp: boolean;
}

export type AssertionRefusal = 'challenge' | 'origin' | 'wrong' | 'backup';

/**
 * Checks that the passkey signed this challenge, at our own origin, after the device had checked its owner.
 *
 * Says nothing of replay: the caller spends the challenge, and moves the counter.
 * Source: Web Authentication level 3, 7.2
 */
export async function checkAssertion(
  { id, origin }: RelyingParty,
  passkey: Passkey,
  assertion: Assertion,
  expects: (challenge: string) => boolean,
): Promise<Shown | AssertionRefusal> {
  const client = readClientData(assertion.clientDataJSON);
  if (!client || !expects(client.challenge)) return 'challenge';
  if (client.origin !== origin) return 'origin';
  try {
    const { clientDataJSON, authenticatorData, signature } = assertion;
    const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
      response: {
        id: assertion.id,
        rawId: assertion.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: client.challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      // The counter is compared where it is moved; to the library every one is the first.
      credential: { id: passkey.credentialId, publicKey: Buffer.from(passkey.publicKey, 'base64url'), counter: 0 },
    });
    if (!verified) return 'wrong';
    if ((authenticationInfo.credentialDeviceType === 'multiDevice') !== passkey.backupEligible) return 'backup';
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  } catch {
    return 'wrong'; // the library throws on everything that is not as it should be
  }
}

/** The signature over it is checked afterwards: here it only tells one refusal from another in the log. */
export function readClientData(clientDataJSON: string): { challenge: string; origin: string } | undefined {
  try {
    const { challenge, origin } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return typeof challenge === 'string' && typeof origin === 'string' ? { challenge, origin } : undefined;
  } catch {
    return undefined;
  }
}
