import assert from 'node:assert/strict';
import { mongo } from 'mongoose';

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
