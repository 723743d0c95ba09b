import type { Db } from '../kernel/mongo.js';
import type { StateName } from '../workflow/index.js';
import { Cases } from './store.js';

export interface Reported {
  readonly openedAt: Date;
  /** When the exchange first confirmed everything that a freeze of the case asked for. */
  readonly frozenAt: Date | null;
}

/** The newest cases opened since an instant, at most `limit`, with when they were frozen. */
export const reportedSince = async (db: Db, since: Date, limit: number): Promise<readonly Reported[]> =>
  Cases(db)
    .collection.aggregate<Reported & { _id: unknown }>([
      { $match: { openedAt: { $gte: since } } },
      { $sort: { openedAt: -1, _id: -1 } },
      { $limit: limit },
      {
        $project: {
          _id: 0,
          openedAt: 1,
          frozenAt: {
            $min: {
              $map: {
                input: { $filter: { input: '$history', as: 'entry', cond: { $eq: ['$$entry.event', FROZEN] } } },
                as: 'entry',
                in: '$$entry.at',
              },
            },
          },
        },
      },
    ])
    .toArray();

const FROZEN = 'freeze.confirmed';

/** How many cases are in one state and were opened in a span: the first instant exclusive, the second inclusive. */
export const countOpened = (
  db: Db,
  state: StateName,
  { after, until }: { after: Date; until: Date },
  limit: number,
): Promise<number> => Cases(db).collection.countDocuments({ state, openedAt: { $gt: after, $lte: until } }, { limit });
