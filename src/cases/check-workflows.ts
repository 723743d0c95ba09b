import type { Db } from '../kernel/mongo.js';
import type { DefinitionRef, Workflows } from '../workflow/index.js';
import { Cases } from './store.js';

/**
 * Refuses to start while a case runs on a definition that is not on disk.
 * @throws Error naming the missing definitions
 * Source: docs/decisions/0003-workflow-versions.md
 */
export async function checkWorkflows(db: Db, workflows: Workflows): Promise<void> {
  const used = (await Cases(db).collection.distinct('workflow')) as unknown as DefinitionRef[];
  const missing = used.filter((ref) => !workflows.exact(ref));
  if (missing.length > 0)
    throw new Error(
      `cases run on workflows that are not on disk: ${missing.map(({ id, version, sha256 }) => `${id} ${version} (${sha256.slice(0, 12)})`).join(', ')}; put them into workflows/archive/`,
    );
}
