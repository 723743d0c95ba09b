import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Express } from 'express';
import { can } from '../../src/access/index.js';
import { AuditLog } from '../../src/audit/index.js';
import type { EvidenceContext } from '../../src/evidence/context.js';
import { clamd, derivativeJobs, evidenceRoutes, makePreviewer } from '../../src/evidence/index.js';
import { openLocalObjects } from '../../src/evidence/local-objects.js';
import { makeVault } from '../../src/evidence/open-vault.js';
import type { ObjectDoc } from '../../src/evidence/words.js';
import type { Actor, Role } from '../../src/kernel/actor.js';
import type { Payload } from '../../src/kernel/jobs.js';
import { OutboxRows } from '../../src/kernel/outbox.js';
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
export const AGENT = person('person_agent', 'agent');
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
  /** Every file that lies in the store, once nothing is under way: the hash of what it holds, its name when no record says. */
  files(): Promise<string[]>;
  /** Where the object of the case lies that holds these bytes. */
  path(sha256: string): Promise<string>;
  /** Flips a bit of the object that holds these bytes. */
  damage(sha256: string): Promise<void>;
  /** The next transaction does all its work and then fails instead of committing. */
  failNext(error: Error): void;
}

/** Evidence alone, on a real store and a real folder; who gets near which case is said here, as cases will say it. */
export async function evidenceWorld(
  env: Record<string, string> = {},
  secretsEnv: Record<string, string> = {},
): Promise<EvidenceWorld> {
  const kernel = await testKernel(env, secretsEnv);
  const uploads = join(kernel.folder, 'objects-of-test');
  const vault = makeVault(await openLocalObjects(uploads), kernel.ctx);
  const ctx: EvidenceContext = {
    ...kernel.ctx,
    vault,
    scanner: kernel.ctx.config.evidence.clamd && clamd(kernel.ctx.config.evidence.clamd),
    previewer: makePreviewer(kernel.ctx.config.evidence.preview),
    caseNumber: async () => CASE_NUMBER,
    caseAccess: async (_db, actor, caseId) => {
      if (caseId !== CASE) return undefined;
      if (actor.id === OWNER.id) return { as: 'owner', caseNumber: CASE_NUMBER };
      const works = [AGENT, ANALYST, APPROVER].some(({ id }) => id === actor.id);
      return works ? { as: 'staff', caseNumber: CASE_NUMBER } : undefined;
    },
    auditLog: await AuditLog.open({ ...kernel.ctx, sealKey: kernel.ctx.secrets.auditKey, origin: 'test/audit' }),
    stepUp: { demand: () => kernelProblem('step_up_required') },
  };
  let actor = OWNER;
  const path = async (hash: string) => {
    const id = (await objectsOf(kernel)).find((row) => row.sha256 === hash)?._id ?? 'none';
    return join(uploads, 'objects', id.slice(-2), id);
  };
  const { transact, failNext } = failable(kernel.ctx.transact);
  return {
    kernel,
    ctx,
    app: serveAs({ ...ctx, transact }, evidenceRoutes, () => actor, can),
    as: (next) => {
      actor = next;
    },
    files: async () => {
      await vault.idle();
      const found = await readdir(uploads, { recursive: true, withFileTypes: true });
      const rows = await objectsOf(kernel);
      const hashes = new Map(rows.map((row) => [row._id, row.sha256]));
      return found.filter((entry) => entry.isFile()).map(({ name }) => hashes.get(name) ?? name);
    },
    failNext,
    path,
    damage: async (hash) => {
      const at = await path(hash);
      const bytes = await readFile(at);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await chmod(at, 0o600);
      await writeFile(at, bytes);
    },
  };
}

/** Works off every job of that name that waits, as the worker would. */
export async function workOff({ kernel, ctx }: EvidenceWorld, name: string): Promise<void> {
  const job = derivativeJobs.find((each) => each.name === name);
  for (const row of await kernel.jobs(name)) {
    await job?.handle(ctx, row.payload as Payload, { attempt: 1, jobId: row._id });
    await OutboxRows(ctx.db).collection.deleteOne({ _id: row._id as never });
  }
}

/** Rows of the objects, as they lie in the database. */
export const objectsOf = async (kernel: TestKernel): Promise<readonly ObjectDoc[]> =>
  (await kernel.ctx.db.connection
    .collection('evidenceObjects')
    .find({}, { promoteBuffers: true })
    .toArray()) as unknown as ObjectDoc[];
