import { createHash } from 'node:crypto';
import { Binary, type Document } from 'bson';
import { checkStages, runStages } from '../aggregation/pipeline.js';
import type { Scope } from '../aggregation/scope.js';
import { unparse } from '../codec.js';
import type { Call } from './command.js';

/** SHA-256 of the name of the user, of which there is none. */
const NOBODY = new Binary(createHash('sha256').update('').digest());

/** A pipeline that begins with $listLocalSessions: over the sessions this process remembers, and the one that asks. */
export function overSessions(call: Call, scope: Scope, pipeline: readonly Document[]): Iterable<Buffer> | undefined {
  if (!pipeline[0] || !('$listLocalSessions' in pipeline[0])) return undefined;
  const rest = pipeline.slice(1);
  checkStages(rest);
  const own = call.body['lsid']?.id as Binary | undefined;
  const known = call.sessions.known();
  const all =
    own && !known.some(({ id }) => Buffer.from(own.buffer).equals(id.buffer))
      ? [{ id: own, usedAt: new Date() }, ...known]
      : known;
  const documents = all.map(({ id, usedAt }) => unparse({ _id: { id, uid: NOBODY }, lastUse: usedAt }));
  return runStages(scope, documents, rest);
}
