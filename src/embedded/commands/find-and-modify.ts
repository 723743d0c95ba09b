import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { compileProjection } from '../projection.js';
import { RawPart, type Reply } from '../wire.js';
import { changeOf } from './change.js';
import { type Command, namespaceOf, newNamespace } from './command.js';
import { filterOf } from './reading.js';
import { applyDelete, applyUpdate, constantsOf, type Target } from './statements.js';

export const findAndModify: Command = {
  kind: 'write',
  inTransaction: true,
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'bypassDocumentValidation',
    'let',
  ],
  refused: ['collation'],
  run(call, view): Reply {
    const { body } = call;
    const upsert = body['upsert'] === true;
    const ns = upsert ? newNamespace(call.db, body[call.name]) : namespaceOf(call);
    const variables = constantsOf(body['let']);
    const query = filterOf(body['query']);
    const target: Target = { query, multi: false, sort: body['sort'], hint: body['hint'], variables, pace: call.pace };
    const projection = compileProjection(body['fields'] as Document | undefined, query, variables);
    const show = (raw: Buffer) => RawPart.document(projection ? projection(raw) : raw);
    const removes = body['remove'] === true;
    if (removes === (body['update'] !== undefined))
      throw new CommandError(9, 'Either an update or remove=true must be specified');
    if (removes) {
      if (body['new'] === true || upsert)
        throw new CommandError(
          9,
          "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
        );
      const [old] = applyDelete(view, ns, target);
      return { lastErrorObject: { n: old ? 1 : 0 }, value: old ? show(old.raw) : null, ok: 1 };
    }
    const change = changeOf(call.request.raw, 'update', { view, arrayFilters: body['arrayFilters'], variables });
    const { old, now, upserted } = applyUpdate(view, ns, target, change, upsert);
    if (old) {
      const value = show(body['new'] === true ? now! : old);
      return { lastErrorObject: { n: 1, updatedExisting: true }, value, ok: 1 };
    }
    if (!upserted) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: upserted.id },
      value: body['new'] === true ? show(upserted.raw) : null,
      ok: 1,
    };
  },
};
