import { startAuthentication } from '@simplewebauthn/browser';
import type { Body, Reply } from './client.js';

type Asked = NonNullable<Reply<'askReverification'>['passkey']>;

/** Has the browser sign a challenge with a passkey. @throws DOMException when the owner closes the browser's dialog */
export async function signWithPasskey(asked: Asked): Promise<Body<'signInWithPasskey'>['credential']> {
  type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];
  const { id, response } = await startAuthentication({ optionsJSON: asked as unknown as Options });
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return { id, clientDataJSON, authenticatorData, signature, ...(userHandle ? { userHandle } : {}) };
}

export const passkeysWork = (): boolean => 'PublicKeyCredential' in window;
