import { Schema } from 'mongoose';
import { MINUTE } from '../../kernel/clock.js';
import { collection, inside, SCHEMA_OPTIONS, type Where } from '../../kernel/mongo.js';

/** Whose provider: the exchange's customers sign in through one, its staff through another. */
export const SSO_PROVIDERS = ['customer', 'staff'] as const;
export type SsoProvider = (typeof SSO_PROVIDERS)[number];

/**
 * Somebody at a provider who is a person here. Made by the person while signed in and re-verified, or with an invitation;
 * never because an e-mail address is the same: whoever holds a mailbox can have an account with it at many a provider.
 */
export interface SsoLink {
  _id: string;
  personId: string;
  provider: SsoProvider;
  issuer: string;
  /** `sub`: who it is there, for good. */
  subject: string;
  linkedAt: Date;
  usedAt?: Date;
}

export const SSO_PURPOSES = ['sign-in', 'invitation', 'link', 'reverify'] as const;
export type SsoPurpose = (typeof SSO_PURPOSES)[number];

/** A way to a provider and back, once. `state`, `nonce` and the PKCE verifier are not here: a dump of the store finishes none. */
export interface SsoFlow {
  /** Hash of `state`. */
  _id: string;
  provider: SsoProvider;
  purpose: SsoPurpose;
  /** Hash of the cookie of the browser that set out: nobody else comes back in its place. */
  browserHash: string;
  refreshIn: 'cookie' | 'body';
  /** Who set out to link or to re-verify, and in which session. */
  personId?: string;
  sessionId?: string;
  reverificationId?: string;
  /** Of the invitation. */
  setupHash?: string;
  createdAt: Date;
  expiresAt: Date;
}

export const SSO_FLOW_MS = 10 * MINUTE;

const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;

const link = new Schema<SsoLink>(
  {
    _id: String,
    personId: text,
    provider: { ...text, enum: SSO_PROVIDERS },
    issuer: text,
    subject: text,
    linkedAt: instant,
    usedAt: Date,
  },
  SCHEMA_OPTIONS,
);
link.index({ issuer: 1, subject: 1 }, { unique: true });
link.index({ personId: 1, provider: 1 }, { unique: true });

const flow = new Schema<SsoFlow>(
  {
    _id: String,
    provider: { ...text, enum: SSO_PROVIDERS },
    purpose: { ...text, enum: SSO_PURPOSES },
    browserHash: text,
    refreshIn: text,
    personId: String,
    sessionId: String,
    reverificationId: String,
    setupHash: String,
    createdAt: instant,
    expiresAt: instant,
  } as never,
  SCHEMA_OPTIONS,
);
flow.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const SsoLinks = collection<SsoLink>('ssoLinks', link);
export const SsoFlows = collection<SsoFlow>('ssoFlows', flow);

export const findSsoLink = (where: Where, issuer: string, subject: string): Promise<SsoLink | null> =>
  SsoLinks(where).findOne({ issuer, subject }, null, inside(where)).lean<SsoLink>().exec();

export const listSsoLinks = (where: Where, personId: string): Promise<SsoLink[]> =>
  SsoLinks(where).find({ personId }, null, inside(where)).sort({ _id: 1 }).lean<SsoLink[]>().exec();
