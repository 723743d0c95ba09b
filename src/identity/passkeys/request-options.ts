import { CHALLENGE_MS } from './challenge.js';
import { webauthn } from './webauthn.js';

/**
 * What `navigator.credentials.get` is called with: a passkey that signs the challenge once its device has checked its owner.
 *
 * @param allow  passkeys that may answer; none given: whichever names its owner
 * Source: Web Authentication level 3, 5.5
 */
export async function requestOptions(
  rpID: string,
  challenge: string,
  allow?: readonly { credentialId: string; transports: string[] }[],
) {
  const { rpId, timeout, userVerification, allowCredentials } = await (await webauthn()).generateAuthenticationOptions({
    rpID,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: CHALLENGE_MS,
    userVerification: 'required',
    ...(allow && { allowCredentials: allow.map(({ credentialId, transports }) => ({ id: credentialId, transports })) }),
  });
  return { challenge, rpId, timeout, userVerification, ...(allowCredentials && { allowCredentials }) };
}
