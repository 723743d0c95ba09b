import type { Where } from '../kernel/mongo.js';
import { readCaseNumber } from './case-number.js';
import { caseProblem } from './problems.js';
import { readCase, readCaseByNumber } from './store.js';

/** The id of a case that somebody names by its id, or by its number as people write it. @throws Problem `case_not_found` */
export async function caseIdOf(where: Where, named: string): Promise<string> {
  if (named.startsWith('case_')) return (await readCase(where, named))._id;
  const number = readCaseNumber(named);
  const doc = number === null ? null : await readCaseByNumber(where, number);
  if (doc === null) throw caseProblem('case_not_found');
  return doc._id;
}
