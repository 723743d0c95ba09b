import { call } from '../../ground/client.js';

const CASE_ID = /^case_[0-9a-f]{24}$/;

/** The id of a case that somebody names by its number or its id; undefined when there is none of that number. */
export async function findCase(given: string): Promise<string | undefined> {
  const text = given.trim();
  if (CASE_ID.test(text)) return text;
  const { cases } = await call('listCases', { query: { number: text, limit: 1 } });
  return cases[0]?.caseId;
}
