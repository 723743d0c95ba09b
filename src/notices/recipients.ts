import Joi from 'joi';
import type { Payload } from '../kernel/jobs.js';
import { NoticeError } from './render-notice.js';

/** Whom a message is for, as its outbox row names them, and which secret it will hold. */
export interface Addressed {
  readonly to: string;
  readonly personId?: string | undefined;
  readonly contactPointId?: string | undefined;
  readonly secret?: { readonly kind: string; readonly id: string } | undefined;
}

/** What is true of the reader now, as the message leaves. */
export interface Recipient {
  /** False: the contact point is in somebody else's hands. */
  readonly trusted: boolean;
  /** The reader's own word, by which they know our mails. */
  readonly mailWord?: string;
  readonly link?: string;
  readonly code?: string;
}

/** Port: whoever knows people says what may be sent to them. */
export interface Recipients {
  find(addressed: Addressed): Promise<Recipient>;
}

const id = Joi.string().max(100);
const shape = Joi.object<Omit<Addressed, 'to'>>({
  personId: id,
  contactPointId: id,
  secret: Joi.object({ kind: id.required(), id: id.required() }),
});

/** @throws NoticeError when the row is not one of ours */
export function addressed(to: string, { personId, contactPointId, secret }: Payload): Addressed {
  const { error, value } = shape.validate({ personId, contactPointId, secret });
  if (error) throw new NoticeError('notice: not addressed');
  return { to, ...value };
}
