import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Express } from 'express';
import { can } from '../../src/access/index.js';
import type { EvidenceContext } from '../../src/evidence/context.js';
import { evidenceRoutes, openLocalObjects } from '../../src/evidence/index.js';
import type { Actor, Role } from '../../src/kernel/actor.js';
import { kernelProblem } from '../../src/kernel/problem.js';
import { failable, serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

/** The smallest PNG there is: one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const person = (id: string, ...roles: Role[]): Actor => testActor({ kind: 'person', id, roles });
export const OWNER = person('person_owner', 'customer');
export const STRANGER = person('person_stranger', 'customer');
export const ANALYST = person('person_analyst', 'analyst');
export const APPROVER = person('person_approver', 'approver');
export const COMPLIANCE = person('person_compliance', 'compliance');
export const ADMIN = person('person_admin', 'admin');
export const ANONYMOUS = testActor({ kind: 'anonymous', id: 'anonymous', roles: ['customer'] });

export const CASE = 'case_0123456789abcdef01234567';
export const CASE_NUMBER = 'FB-7K2M-9QXT-4';
export const OTHER_CASE = 'case_0123456789abcdef01234568';

export interface EvidenceWorld {
  readonly kernel: TestKernel;
  readonly ctx: EvidenceContext;
  readonly app: Express;
  /** Who calls from now on. */
  as(actor: Actor): void;
  /** Names of every file that lies in the store, once nothing is under way. */
  files(): Promise<string[]>;
  path(sha256: string): string;
  /** The next transaction does all its work and then fails instead of committing. */
  failNext(error: Error): void;
}

/** Evidence alone, on a real store and a real folder; who gets near which case is said here, as cases will say it. */
export async function evidenceWorld(env: Record<string, string> = {}): Promise<EvidenceWorld> {
  const kernel = await testKernel(env);
  const uploads = join(kernel.folder, 'objects-of-test');
  const objects = await openLocalObjects(uploads);
  const ctx: EvidenceContext = {
    ...kernel.ctx,
    objects,
    caseAccess: async (_db, actor, caseId) => {
      if (caseId !== CASE) return undefined;
      if (actor.id === OWNER.id) return { as: 'owner', caseNumber: CASE_NUMBER };
      return actor.id === ANALYST.id || actor.id === APPROVER.id ? { as: 'staff', caseNumber: CASE_NUMBER } : undefined;
    },
    stepUp: { demand: () => kernelProblem('step_up_required') },
  };
  let actor = OWNER;
  const { transact, failNext } = failable(kernel.ctx.transact);
  return {
    kernel,
    ctx,
    app: serveAs({ ...ctx, transact }, evidenceRoutes, () => actor, can),
    as: (next) => {
      actor = next;
    },
    files: async () => {
      await objects.idle();
      const found = await readdir(uploads, { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    failNext,
    path: (hash) => join(uploads, 'objects', hash.slice(0, 2), hash.slice(2, 4), hash),
  };
}
