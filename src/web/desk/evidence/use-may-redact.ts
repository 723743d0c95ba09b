import { useMe } from '../../ground/session.js';

/** Whoever works on cases makes redactions and asks for scans; giving one away is an analyst's. */
export const useMayRedact = (): boolean => useMe().roles.some((role) => role === 'agent' || role === 'analyst');
export const useMayShare = (): boolean => useMe().roles.includes('analyst');

export interface PieceParams {
  readonly caseId: string;
  readonly evidenceId: string;
}
