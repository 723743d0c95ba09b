import type { Doc } from '../values.js';
import { alike, type Case, type Departure, errorsOf, type Played } from './case.js';

const ofTheOther = ({ before, session }: Case) =>
  before.filter(({ step }) => step.session !== undefined && step.session !== session);

/** Whether a transaction that was open beside this one may have found documents that it left as they were. */
function othersLeftSome(found: Case): boolean {
  const { before, session } = found;
  const isEnd = ({ step }: Played) => step.kind === 'commit' || step.kind === 'abort';
  const isOwn = ({ step }: Played) => step.session === session;
  const ended = before.findLastIndex((one) => isOwn(one) && isEnd(one));
  const begun = before.findIndex((one, at) => at > ended && isOwn(one));
  const earlier = begun < 0 ? before : before.slice(0, begun);
  const since = earlier.findLastIndex((one) => !isOwn(one) && isEnd(one));
  return ofTheOther({ ...found, before: before.slice(since + 1) }).some(({ mine }) => leavesSome(mine));
}

const leavesSome = ({ n, nModified, lastErrorObject }: Doc) =>
  Number(nModified) < Number(n) || (lastErrorObject as Doc | undefined)?.['updatedExisting'] === true;

const othersDeleted = (found: Case) =>
  ofTheOther(found).some(
    ({ step }) => step.kind === 'command' && ('deletes' in step.command || step.command['remove']),
  );

export const OF_TRANSACTIONS: readonly Departure[] = [
  {
    name: 'first error ends a transaction',
    reason:
      'In a transaction MongoDB stops at the first write error, ordered or not; the engine goes on and lists them all.',
    test: ({ command, session, mine, other }) =>
      session !== undefined &&
      errorsOf(mine).length > 0 &&
      errorsOf(other).length > 0 &&
      alike(errorsOf(mine)[0]!, errorsOf(other)[0]!, command),
  },
  {
    name: 'a duplicate key beside other writers',
    reason:
      "To MongoDB a key that the transaction sees is a duplicate, 11000, also when somebody has deleted it meanwhile, and one that somebody else has put in a write conflict, 112 (WiredTiger's __wt_btcur_insert); the engine takes the one for the other, or puts it in.",
    test: (found) => {
      const [[ours], [theirs]] = [errorsOf(found.mine), errorsOf(found.other)];
      if (found.session === undefined) return false;
      if (ours === 112) return theirs === 11000;
      return ours === 11000 && (theirs === 112 || (theirs === undefined && othersDeleted(found)));
    },
  },
  {
    name: 'a conflict over what is not written',
    reason:
      'A document that stays as it is, or that an update fails at, is not written, so that MongoDB has no conflict over it (manual, "In-progress Transactions and Write Conflicts"); the engine locks whatever it finds.',
    test: (found) =>
      found.session !== undefined &&
      errorsOf(found.other)[0] === 112 &&
      errorsOf(found.mine)[0] !== 112 &&
      (errorsOf(found.mine).length > 0 || leavesSome(found.mine) || othersLeftSome(found)),
  },
];
