/** Who reads the number out: the customer to staff they called, or staff to a customer they called. */
export const SPEAKERS = ['customer', 'staff'] as const;
export type Speaker = (typeof SPEAKERS)[number];

/** A number by which a customer and staff recognise each other on the telephone or in a chat. It verifies nobody's identity. */
export interface SupportCode {
  _id: string;
  speaker: Speaker;
  /** The customer, whoever speaks. */
  personId: string;
  /** Who made it. */
  madeBy: string;
  /** For staff: the case the call is about. */
  caseId?: string;
  caseNumber?: string;
  /** Keyed: eight digits are soon guessed by whoever reads the store. */
  hash: string;
  expiresAt: Date;
  usedAt?: Date;
}
