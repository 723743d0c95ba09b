import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** What a page sends of a new passkey. */
export interface Attestation {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports: string[];
}

/** What a page sends of a passkey that signed. */
export interface Assertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string;
}

/** Chromium's own virtual authenticator behind a page of ours: real keys, real signatures, the browser's own checks. */
export interface Authenticator {
  readonly page: Page;
  create(publicKey: object): Promise<Attestation>;
  get(publicKey: object): Promise<Assertion>;
  /** Whether the device recognises its owner. */
  recognise(owner: boolean): Promise<void>;
  credentials(): Promise<Credential[]>;
  /** Makes the device forget what it has, and know this instead: a copy, or another counter. */
  hold(credential: Credential): Promise<void>;
  setBackup(credentialId: string, state: { backupEligibility?: boolean; backupState?: boolean }): Promise<void>;
  /** Opens a page that is not ours with the same authenticator. */
  visit(url: string): Promise<void>;
  close(): Promise<void>;
}

export interface Credential {
  credentialId: string;
  isResidentCredential: boolean;
  rpId?: string;
  privateKey: string;
  userHandle?: string;
  signCount: number;
  backupEligibility?: boolean;
  backupState?: boolean;
}

export interface DeviceOptions {
  /** Its passkeys may be copied to other devices, and are. */
  readonly synced?: boolean;
  /** It can check its owner; a plain security key cannot. */
  readonly verifies?: boolean;
}

/** @param url any page of the origin the passkeys are for */
export async function openAuthenticator(
  browser: Browser,
  url: string,
  { synced = false, verifies = true }: DeviceOptions = {},
): Promise<Authenticator> {
  const context: BrowserContext = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const client: CDPSession = await context.newCDPSession(page);
  await client.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: verifies ? 'internal' : 'usb',
      hasResidentKey: true,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: synced,
      defaultBackupState: synced,
    },
  });
  const credentials = async () =>
    (await client.send('WebAuthn.getCredentials', { authenticatorId })).credentials as Credential[];
  return {
    page,
    create: (publicKey) => page.evaluate(`(${CREATE})(${JSON.stringify(publicKey)})`),
    get: (publicKey) => page.evaluate(`(${GET})(${JSON.stringify(publicKey)})`),
    recognise: async (isUserVerified) => {
      await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    credentials,
    hold: async (credential) => {
      await client.send('WebAuthn.clearCredentials', { authenticatorId });
      await client.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    setBackup: async (credentialId, state) => {
      await client.send('WebAuthn.setCredentialProperties', { authenticatorId, credentialId, ...state });
    },
    visit: async (elsewhere) => {
      await page.goto(elsewhere);
    },
    close: () => context.close(),
  };
}

// Text, not functions: what runs in the page is not this program's, and the test runner would decorate a function.
const CREATE = `async (options) => {
  const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  const { id, response } = made.toJSON();
  const { clientDataJSON, attestationObject, transports } = response;
  return { id, clientDataJSON, attestationObject, transports };
}`;
const GET = `async (options) => {
  const shown = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  const { id, response } = shown.toJSON();
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return { id, clientDataJSON, authenticatorData, signature, ...(userHandle ? { userHandle } : {}) };
}`;
