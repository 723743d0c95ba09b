import assert from 'node:assert/strict';
import { makeRecipients } from '../../src/identity/index.js';
import type { OutboxRow } from '../../src/kernel/outbox.js';
import { type Mail, type NoticesContext, noticeJobs, type TextMail } from '../../src/notices/index.js';
import type { World } from './support.js';

export interface Letter {
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  readonly template: string;
}

/** Sends what waits in the outbox, as the worker would, and gives what left since the last call. */
export function letterbox(world: World): () => Promise<Letter[]> {
  const sent = new Set<string>();
  return async () => {
    const left: Letter[] = [];
    const rows = (await world.jobs()).filter(({ _id, name }) => /^send-/.test(name) && !sent.has(_id));
    for (const row of rows) {
      sent.add(row._id);
      left.push(...(await deliver(world, row)));
    }
    return left;
  };
}

async function deliver(world: World, { _id: jobId, name, payload }: OutboxRow): Promise<Letter[]> {
  const left: Letter[] = [];
  const template = String(payload['template']);
  const ctx = {
    ...world.ctx,
    recipients: makeRecipients(world.ctx),
    mailer: { send: async ({ to, subject, text }: Mail) => void left.push({ to, subject, text, template }) },
    texter: { send: async ({ to, text }: TextMail) => void left.push({ to, text, template }) },
  } as unknown as NoticesContext;
  const job = noticeJobs.find((each) => each.name === name);
  assert.ok(job, name);
  await job.handle(ctx, payload as never, { attempt: 1, jobId });
  return left;
}

/** What stands behind # in the only link of a letter. */
export function linkOf({ text }: Letter, page: string): string {
  const links = text.match(/https?:\S+/g) ?? [];
  assert.equal(links.length, 1, text);
  const [path, token = ''] = String(links[0]).split('#');
  assert.equal(path, `http://127.0.0.1:8080/${page}`);
  return token;
}
