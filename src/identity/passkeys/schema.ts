import Joi from 'joi';
import { REFRESH_IN, type RefreshIn } from '../view.js';
import type { Attestation } from './add-passkey.js';
import type { Assertion } from './check-assertion.js';

// Of what navigator.credentials gives a page, the parts that mean something here; binary ones in base64url.

const base64url = (most: number) =>
  Joi.string()
    .pattern(/^[\w-]+$/)
    .max(most);
const credentialId = base64url(1_364); // 1,023 bytes: WebAuthn, 4
const clientDataJSON = base64url(5_000).required().description('`response.clientDataJSON`');

const attestation = Joi.object<Attestation>({
  id: credentialId.required().description('`id` of the credential'),
  clientDataJSON,
  attestationObject: base64url(16_000).required().description('`response.attestationObject`'),
  transports: Joi.array()
    .items(
      Joi.string()
        .pattern(/^[a-z-]+$/)
        .max(20),
    )
    .max(10)
    .description('`response.getTransports()`'),
});

export const assertion = Joi.object<Assertion>({
  id: credentialId.required().description('`id` of the credential'),
  clientDataJSON,
  authenticatorData: base64url(4_000).required().description('`response.authenticatorData`'),
  signature: base64url(2_000).required().description('`response.signature`'),
  userHandle: base64url(200).description('`response.userHandle`'),
});

/** It is read out when the passkey is removed: letters, and no marks that reorder a line or close a quotation. */
const name = Joi.string()
  .pattern(/^[ !#-;=?-~\u00c0-\u024f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff08\uff09]+$/)
  .max(40)
  .description('What its owner calls it');

export const offerBody = Joi.object<{ password?: string }>({
  password: Joi.string().min(1).max(256).description('Asked of whoever has no second factor yet'),
});

const algorithm = Joi.object({
  type: Joi.string().required().description('Always `public-key`'),
  alg: Joi.number().required().description('COSE algorithm'),
});
const descriptor = Joi.object({
  type: Joi.string().required().description('Always `public-key`'),
  id: Joi.string().required().description('Credential id, base64url'),
  transports: Joi.array().items(Joi.string()).description('How a browser may reach it'),
});

export const offerReply = Joi.object({
  publicKey: Joi.object({
    challenge: Joi.string().required().description('base64url; good for five minutes, once'),
    rp: Joi.object({
      id: Joi.string().required().description('Host name that the passkey is made for'),
      name: Joi.string().required().description('Name of the product'),
    })
      .required()
      .description('Relying party'),
    user: Joi.object({
      id: Joi.string().required().description('Person id, base64url'),
      name: Joi.string().required().description('E-mail address'),
      displayName: Joi.string().required().description('E-mail address'),
    })
      .required()
      .description('Whose passkey it will be'),
    pubKeyCredParams: Joi.array().items(algorithm).required().description('Algorithms taken, the best first'),
    timeout: Joi.number().required().description('Milliseconds'),
    excludeCredentials: Joi.array().items(descriptor).required().description('Passkeys that are set up already'),
    authenticatorSelection: Joi.object({
      residentKey: Joi.string().required().description('Always `required`: it names its owner by itself'),
      requireResidentKey: Joi.boolean().required().description('The same, for older browsers'),
      userVerification: Joi.string().required().description('Always `required`: the device checks its owner'),
    })
      .required()
      .description('What kind of passkey'),
    attestation: Joi.string().required().description('Always `none`'),
  })
    .required()
    .description('For `PublicKeyCredential.parseCreationOptionsFromJSON`'),
});

export const addBody = Joi.object<{ name: string; credential: Attestation }>({
  name: name.required(),
  credential: attestation.required().description('What `navigator.credentials.create` gave'),
});

export const passkeyFields = {
  id: Joi.string().required().description('Id of the passkey'),
  name: Joi.string().required().description('What its owner calls it'),
  addedAt: Joi.string().isoDate().required().description('UTC'),
  usedAt: Joi.string().isoDate().description('When it was last used; UTC'),
  backupEligible: Joi.boolean().required().description('It may be copied to other devices of its owner'),
  backedUp: Joi.boolean().required().description('It had been when it was last used'),
  old: Joi.boolean().required().description('Set up long enough ago to prove who somebody is'),
};

export const recoveryCodes = Joi.array().items(Joi.string()).description('Ten recovery codes, shown this once');

export const addReply = Joi.object({
  passkey: Joi.object(passkeyFields).required().description('The new passkey'),
  recoveryCodes: recoveryCodes.description('Ten recovery codes, shown this once; with the first second factor'),
});

export const passkeyParams = Joi.object<{ passkeyId: string }>({
  passkeyId: Joi.string()
    .pattern(/^[\w-]{1,100}$/)
    .required()
    .description('Id of the passkey'),
});

export const requestOptionsFields = {
  challenge: Joi.string().required().description('base64url; good for five minutes, once'),
  rpId: Joi.string().required().description('Host name that the passkey was made for'),
  timeout: Joi.number().required().description('Milliseconds'),
  userVerification: Joi.string().required().description('Always `required`: the device checks its owner'),
  allowCredentials: Joi.array()
    .items(descriptor)
    .description('Passkeys that may answer; missing: any that names its owner'),
};

export const signInOfferReply = Joi.object({
  publicKey: Joi.object(requestOptionsFields)
    .required()
    .description('For `PublicKeyCredential.parseRequestOptionsFromJSON`'),
});

export const passkeySignInBody = Joi.object<{ credential: Assertion; refreshIn: RefreshIn }>({
  credential: assertion.required().description('What `navigator.credentials.get` gave'),
  refreshIn: Joi.string()
    .valid(...REFRESH_IN)
    .default('cookie')
    .description('Where the refresh token goes: a cookie that scripts cannot read, or the body'),
});

export const passkeyAnswerBody = Joi.object<{ credential: Assertion }>({
  credential: assertion.required().description('What `navigator.credentials.get` gave'),
});
