import { generateSecret, generateURI, verify } from 'otplib';
import { seal, unseal } from '../kernel/seal.js';

/** Seconds that a code stays good after its time step, for slow fingers and networks; none before (RFC 6238, 5.2). */
const TOLERANCE: [past: number, future: number] = [5, 0];

const contextOf = (personId: string): string => `totp ${personId}`;

/** 160 random bits, the length RFC 4226 (4, R6) recommends, in base32. */
export const newTotpSecret = (): string => generateSecret();

export const sealTotp = (key: Uint8Array, personId: string, secret: string): string =>
  seal(key, secret, contextOf(personId)).toString('base64');

export const unsealTotp = (key: Uint8Array, personId: string, sealed: string): string =>
  unseal(key, Buffer.from(sealed, 'base64'), contextOf(personId));

/**
 * The time step (RFC 6238: 30 s, SHA-1, 6 digits) that a code belongs to, or undefined when it belongs to none now.
 *
 * Says nothing about replay: the caller moves the last step by a conditional update.
 */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | undefined> {
  try {
    const result = await verify({
      secret,
      token: code,
      epoch: Math.floor(now.getTime() / 1_000),
      epochTolerance: TOLERANCE,
    });
    return result.valid && 'timeStep' in result ? result.timeStep : undefined;
  } catch {
    return undefined; // the library throws on codes that are not six digits and on secrets under 16 bytes
  }
}

/** What an authenticator app scans: the otpauth URI, and the same as a QR code (PNG, data URI). */
export async function totpCard(email: string, secret: string): Promise<{ uri: string; qr: string }> {
  const uri = generateURI({ issuer: 'Firebreak', label: email, secret });
  const { toDataURL } = (await import('qrcode')).default; // the first code to draw loads it
  return { uri, qr: await toDataURL(uri, { type: 'image/png', errorCorrectionLevel: 'M', margin: 2 }) };
}
