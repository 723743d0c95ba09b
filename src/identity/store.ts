import { Schema, trusted } from 'mongoose';
import { ROLES, STAFF_ROLES } from '../kernel/actor.js';
import { LOCALES } from '../kernel/locale.js';
import { collection, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import {
  CONTACT_KINDS,
  END_REASONS,
  type Person,
  PROOF_METHODS,
  type Registration,
  type Reverification,
  type Session,
  TRUSTS,
} from './words.js';

const DAY_SECONDS = 86_400;
const PART = { ...SCHEMA_OPTIONS, _id: false } as const;
const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;

const totp = new Schema(
  { secret: text, enrolledAt: instant, confirmedAt: instant, lastStep: whole, failures: whole, retryAt: Date },
  PART,
);
const pending = new Schema({ secret: text, enrolledAt: instant }, PART);
const passkey = new Schema(
  {
    _id: text,
    name: text,
    credentialId: text,
    publicKey: text,
    counter: whole,
    backupEligible: { type: Boolean, required: true },
    backedUp: { type: Boolean, required: true },
    transports: { type: [String], required: true },
    addedAt: instant,
    usedAt: Date,
  },
  PART,
);
const recovery = new Schema({ issuedAt: instant, hashes: { type: [String], required: true } }, PART);
const setup = new Schema({ tokenHash: text, expiresAt: instant }, PART);
const contactPoint = new Schema(
  {
    _id: text,
    kind: { ...text, enum: CONTACT_KINDS },
    value: text,
    trust: { ...text, enum: TRUSTS },
    addedAt: instant,
    confirmedAt: Date,
    compromisedAt: Date,
  },
  PART,
);

const person = new Schema<Person>(
  {
    _id: String,
    email: text,
    locale: { ...text, enum: LOCALES },
    roles: { type: [{ type: String, enum: ROLES }], required: true },
    passwordHash: String,
    setup,
    accountId: String,
    totp,
    totpPending: pending,
    passkeys: { type: [passkey], default: undefined },
    recovery,
    contactPoints: { type: [contactPoint], required: true },
    mailWord: new Schema({ sealed: text, setAt: instant }, PART),
    suspendedAt: Date,
    securityVersion: whole,
    createdAt: instant,
    signedInAt: Date,
  } as never,
  SCHEMA_OPTIONS,
);
person.index({ email: 1 }, { unique: true });
person.index({ roles: 1, _id: 1 });
person.index({ 'contactPoints.value': 1 });
person.index({ 'passkeys.credentialId': 1 });
person.index({ accountId: 1 }, { unique: true, partialFilterExpression: { accountId: { $exists: true } } });
person.index({ 'setup.tokenHash': 1 }, { partialFilterExpression: { 'setup.tokenHash': { $exists: true } } });

const registration = new Schema<Registration>(
  {
    _id: String,
    email: text,
    locale: { ...text, enum: LOCALES },
    passwordHash: text,
    tokenHash: text,
    known: { type: Boolean, required: true },
    expiresAt: instant,
  },
  SCHEMA_OPTIONS,
);
registration.index({ tokenHash: 1 }, { unique: true });
registration.index({ email: 1 });
registration.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const session = new Schema<Session>(
  {
    _id: String,
    personId: text,
    roles: { type: [{ type: String, enum: ROLES }], required: true },
    secondFactorAt: Date,
    createdAt: instant,
    usedAt: instant,
    endsAt: instant,
    endedAt: Date,
    endedBecause: { type: String, enum: END_REASONS },
    address: String,
    usedFrom: String,
    userAgent: String,
    familyHash: text,
    secretHash: text,
    previousHash: String,
    rotatedAt: instant,
    retried: { type: Boolean, required: true },
  } as never,
  SCHEMA_OPTIONS,
);
session.index({ familyHash: 1 }, { unique: true });
session.index({ personId: 1, createdAt: -1 });
session.index({ endsAt: 1 }, { expireAfterSeconds: 30 * DAY_SECONDS }); // kept a while to tell reuse from nonsense

const proof = new Schema({ method: { ...text, enum: PROOF_METHODS }, since: instant }, PART);
const reverification = new Schema<Reverification>(
  {
    _id: String,
    personId: text,
    sessionId: text,
    operation: text,
    payloadHash: text,
    caseId: String,
    accountId: String,
    accountVersion: Number,
    createdAt: instant,
    expiresAt: instant,
    answeredAt: Date,
    proof,
    tokenHash: String,
    usedAt: Date,
  },
  SCHEMA_OPTIONS,
);
reverification.index({ tokenHash: 1 }, { unique: true, partialFilterExpression: { tokenHash: { $exists: true } } });
reverification.index({ expiresAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

// `sanitizeFilter` is on: an operator in a filter counts only when our own code says `trusted` about it.
export const People = collection<Person>('people', person);
export const Registrations = collection<Registration>('registrations', registration);
export const Sessions = collection<Session>('sessions', session);
export const Reverifications = collection<Reverification>('reverifications', reverification);

/** Reads a person by id, on a database or inside a transaction; null when there is none. */
export const readPerson = (where: Where, personId: string): Promise<Person | null> =>
  onePerson(where, { _id: personId });

export const findPersonByEmail = (where: Where, email: string): Promise<Person | null> => onePerson(where, { email });

/** By the driver alone: it is part of each sign-in, and mongoose takes as long again. */
const onePerson = async (where: Where, filter: object): Promise<Person | null> =>
  (await People(where).collection.findOne(filter, inside(where))) as Person | null;

/** Everybody who has confirmed this address or number; more than one where a mailbox is shared. */
export const findPeopleByContact = (where: Where, value: string): Promise<Person[]> =>
  People(where)
    .find({ contactPoints: trusted({ $elemMatch: { value, confirmedAt: { $exists: true } } }) }, null, inside(where))
    .limit(10)
    .lean<Person[]>()
    .exec();

/** The person an exchange account is linked to; null when it is linked to nobody. */
export const findPersonByAccount = (where: Where, accountId: string): Promise<Person | null> =>
  People(where).findOne({ accountId }, null, inside(where)).lean<Person>().exec();

export interface PeopleFilter {
  /** Leaves customers out. */
  readonly staffOnly?: boolean;
  /** Id of the last person of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One page of people, oldest first. */
export const listPeople = (where: Where, { staffOnly = false, after, limit }: PeopleFilter): Promise<Person[]> =>
  People(where)
    .find(
      {
        ...(staffOnly ? { roles: trusted({ $in: [...STAFF_ROLES] }) } : {}),
        ...(after === undefined ? {} : { _id: trusted({ $gt: after }) }),
      },
      null,
      inside(where),
    )
    .sort({ _id: 1 })
    .limit(limit)
    .lean<Person[]>()
    .exec();

export const readSession = (where: Where, sessionId: string): Promise<Session | null> =>
  Sessions(where).findOne({ _id: sessionId }, null, inside(where)).lean<Session>().exec();
