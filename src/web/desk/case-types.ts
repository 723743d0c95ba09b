import type { Reply } from '../ground/client.js';

export type CaseLine = Reply<'listCases'>['cases'][number];
/** A case as staff see it. */
export type StaffCase = Extract<Reply<'getCase'>, { acts: unknown }>;
export type ActSeen = StaffCase['acts'][number];
export type ActName = ActSeen['act'];
export type Freeze = StaffCase['freezes'][number];
export type Check = StaffCase['checks'][number];
export type Approval = StaffCase['approvals'][number];
export type Entry = Reply<'getTimeline'>['entries'][number];
export type Evidence = Reply<'listEvidence'>['evidence'][number];
export type Colleague = Reply<'listColleagues'>['colleagues'][number];

export const isStaffCase = (reply: Reply<'getCase'>): reply is StaffCase => 'acts' in reply;

/** Freezes and holds that may still be in force at the exchange. */
export const inForce = ({ freezes }: Pick<StaffCase, 'freezes'>): Freeze[] =>
  freezes.filter(({ state }) => state !== 'failed' && state !== 'released');

/** What a release has to name: every scope that the case may still hold. */
export const heldScopes = (file: Pick<StaffCase, 'freezes'>) =>
  [...new Set(inForce(file).flatMap(({ scopes }) => scopes))].toSorted();
