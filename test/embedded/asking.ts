import assert from 'node:assert/strict';
import { mongo } from 'mongoose';

/** Of the document that expressions are asked about: something of every kind they meet. */
export const ONE = {
  n: null,
  i: 3,
  l: mongo.Long.fromString('9007199254740993'),
  s: 'héllo',
  a: [3, 1, 2],
  o: { x: 1 },
  ts: new mongo.Timestamp({ t: 5, i: 1 }),
};

/** Expressions, evaluated for the document of the collection `one`. */
export function asking(db: () => mongo.Db) {
  const answer = async (r: unknown): Promise<unknown> => {
    const [found] = await db()
      .collection('one')
      .aggregate([{ $project: { _id: 0, r } }], { promoteValues: false })
      .toArray();
    return found!['r'];
  };
  const gives = async (expression: unknown, expected: unknown) => {
    const text = (value: unknown) => mongo.BSON.EJSON.stringify({ value }, { relaxed: false });
    assert.equal(text(await answer(expression)), text(expected), JSON.stringify(expression));
  };
  const fails = (expression: unknown, code: number) =>
    assert.rejects(
      answer(expression),
      (error: mongo.MongoServerError) => Number(error.code) === code,
      JSON.stringify(expression),
    );
  return { gives, fails };
}
