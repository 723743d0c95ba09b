import { newId } from '../../kernel/ids.js';
import type { Input } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { passkeyAdded, passkeyRefused } from '../factors/events.js';
import { factorChanged } from '../factors/factor-changed.js';
import { makeRecoveryCodes } from '../factors/make-recovery-codes.js';
import { factorProblem } from '../factors/problems.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { identityProblem } from '../problems.js';
import { refuse } from '../refuse.js';
import { People, readPerson } from '../store.js';
import { passkeyView } from '../view.js';
import type { Passkey } from '../words.js';
import { readChallenge } from './challenge.js';
import { readClientData } from './check-assertion.js';
import { ALGORITHMS, registrationPurpose } from './offer-passkey.js';
import { type RelyingParty, relyingPartyOf } from './relying-party.js';
import { spendChallenge } from './spent-challenges.js';
import { webauthn } from './webauthn.js';

/** What an authenticator answers (AuthenticatorAttestationResponse, WebAuthn 5.2.1); base64url. */
export interface Attestation {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports?: readonly string[];
}

const MOST = 10; // passkeys of one person

interface Given {
  readonly name: string;
  readonly credential: Attestation;
}

type AddInput = Pick<Input, 'actor' | 'act' | 'reverified'>;

/**
 * Takes a new passkey into use: this session has passed it, every other session ends, and it is young for FACTOR_AGE_DAYS. The first
 * second factor of a person brings ten recovery codes.
 *
 * @returns the passkey, and the recovery codes when there are any: shown this once
 * @throws Problem `step_up_required` (there is a second factor already) · `passkey_refused` · `passkey_known` ·
 *         `too_many_passkeys` · `passkeys_unavailable`
 * Audited as `factor.added`; a refusal as `proof.refused`. Source: Web Authentication level 3, 7.1
 */
export async function addPasskey(
  ctx: IdentityContext,
  input: AddInput,
  { name, credential }: Given,
): Promise<{ passkey: ReturnType<typeof passkeyView>; recoveryCodes?: string[] }> {
  const { actor, act, reverified } = input;
  const party = relyingPartyOf(ctx);
  const challenge = readClientData(credential.clientDataJSON)?.challenge ?? '';
  const now = ctx.clock.now();
  // Whoever re-verifies may answer an offer from before they had a factor; without, only the password opens this.
  const endsAt =
    readChallenge(ctx.secrets, registrationPurpose(actor, true), challenge, now) ??
    (reverified ? readChallenge(ctx.secrets, registrationPurpose(actor, false), challenge, now) : undefined);
  if (!reverified) await demandWhereThereIsAFactor(ctx, input);
  const made = endsAt && (await checkAttestation(party, credential, challenge));
  const refused = (reason: string) =>
    refuse(ctx, input, passkeyRefused({ personId: actor.id }, 'add-passkey', reason), factorProblem('passkey_refused'));
  if (!made) return refused(endsAt ? 'wrong' : 'challenge');
  return act(async (tx) => {
    if (!(await spendChallenge(tx, challenge, endsAt))) throw factorProblem('passkey_known');
    const person = await readPerson(tx, actor.id);
    if (!person) throw identityProblem('person_not_found');
    const first = !hasSecondFactor(person);
    if (!first && !reverified) throw ctx.stepUp.demand();
    if ((person.passkeys ?? []).length >= MOST) throw factorProblem('too_many_passkeys');
    await refuseKnown(tx, credential.id);
    const passkey: Passkey = { _id: newId('passkey'), name, ...made, addedAt: tx.now };
    await People(tx).updateOne(
      { _id: person._id },
      { $push: { passkeys: passkey }, $inc: { securityVersion: 1 } },
      { session: tx.session },
    );
    tx.record(passkeyAdded(person._id, passkey));
    await factorChanged(tx, person, { kind: 'passkey-added', passed: true });
    const view = { passkey: passkeyView(passkey, tx.now, ctx.config.identity.factorAgeDays) };
    return first ? { ...view, recoveryCodes: (await makeRecoveryCodes(tx, person)).codes } : view;
  });
}

/** @throws Problem `step_up_required` */
async function demandWhereThereIsAFactor(ctx: IdentityContext, { actor, act }: AddInput): Promise<void> {
  const person = await readPerson(ctx.db, actor.id);
  if (!person || !hasSecondFactor(person)) return;
  // The factor may be the one that this very request has added before: then `act` gives that answer again.
  await act(async () => {
    throw ctx.stepUp.demand();
  });
}

/** One authenticator, one person: what two could show would name neither (WebAuthn, 7.1 step 26). */
async function refuseKnown(tx: Tx, credentialId: string): Promise<void> {
  const known = await People(tx).exists({ 'passkeys.credentialId': credentialId }).session(tx.session).lean().exec();
  if (known) throw factorProblem('passkey_known');
}

type Made = Omit<Passkey, '_id' | 'name' | 'addedAt' | 'usedAt'>;

async function checkAttestation(
  { id, origin }: RelyingParty,
  { id: credentialId, clientDataJSON, attestationObject, transports = [] }: Attestation,
  challenge: string,
): Promise<Made | undefined> {
  try {
    const { verified, registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified || registrationInfo.credential.id !== credentialId) return undefined;
    const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo;
    return {
      credentialId,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      backupEligible: credentialDeviceType === 'multiDevice',
      backedUp: credentialBackedUp,
      transports: [...transports],
    };
  } catch {
    return undefined; // the library throws on everything that is not as it should be
  }
}
