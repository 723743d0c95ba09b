/** What can be wrong with a proof, a checkpoint or a bundle. */
export const FAULT_CODES = [
  'unreadable', // not of the form it has to have
  'unknown_key', // signed by nobody who is trusted here
  'signature', // a trusted key has not signed this text
  'inclusion', // the event is not where the tree says
  'root', // the events do not add up to the signed root
  'consistency', // the log is no continuation of what was signed before
  'order', // an index is missing, doubled or out of its place
  'opening', // personal data that is not what was committed to
  'scope', // an event that does not belong into this bundle
  'digest', // the file is not the one that was written
  'table', // the table says something else than the events
  'receipt', // an act that was receipted is not in the log
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** What was found wrong, and where; thrown at the first one. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  /** Line, event or file. */
  readonly where: string;

  constructor(code: FaultCode, message: string, where = '') {
    super(where ? `${where}: ${message}` : message);
    this.code = code;
    this.where = where;
  }
}

/** Says where a fault that was thrown without a place was found. */
export async function at<T>(where: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Fault && error.where === '') throw new Fault(error.code, error.message, where);
    throw error;
  }
}
