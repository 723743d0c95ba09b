import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { Context } from '../context.js';
import { Caller } from '../demo/caller.js';
import { type Started, startProcess } from '../demo/start-process.js';
import { addPersonCommand } from '../identity/index.js';
import { readConfig } from '../kernel/config.js';
import { readSecrets } from '../kernel/secrets.js';
import { answerOf } from './client.js';
import { OPEN_LIMITS } from './intake.js';
import { median, percentile, residentMegabytes, temporaryFolder } from './measure.js';

const MB = 1_000_000;
const ROUNDS = 5;
/** Files of a round, how many of them are sent at once, and how many before: a server that has just started compiles what it does often. */
const LOADS = {
  '1MB': { bytes: MB, files: 48, atOnce: 8, warm: 400 },
  '100MB': { bytes: 100 * MB, files: 3, atOnce: 1, warm: 1 },
} as const;
const CROWD = 50;
const PHOTOS = 20;
const ASK_EVERY_MS = 20; // whoever asks without a pause takes a core from what it waits for

interface Side {
  readonly url: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Reads a file back by what its upload was answered. */
  readonly download: (answer: string) => { method: string; path: string; body?: string };
}

/**
 * Evidence against plain multer to disk and express.static, both running, loaded in turn; the memory of 50 uploads of 100 MB at
 * once; and the time to the preview of a photo. While files are compared the previews wait, as where workers make them; they are
 * made in the same process for the rest.
 */
export async function benchEvidence() {
  const files = await withProduct({ JOB_CONCURRENCY: '0' }, async (_, product) => {
    const folder = await temporaryFolder();
    const plain = await startProcess('bench/plain-files.js', /listening on (\S+)/, { env: { DATA_DIR: folder } });
    const figures: Record<string, unknown> = {};
    for (const [name, load] of Object.entries(LOADS))
      figures[name] = await compare({ plain: plainSide(plain), product }, load);
    await plain.stop();
    await rm(folder, { recursive: true, force: true });
    return figures;
  });
  return withProduct({}, async (product, side) => {
    const photo = await photoPreviews(side);
    const crowd = await crowdMegabytes(product, side);
    return {
      ...files,
      ratioAtLeast: 0.5,
      photoPreviewP50Ms: percentile(photo, 50),
      photoPreviewP95Ms: percentile(photo, 95),
      photoPreviewAtMostMs: 500,
      residentMegabytesOf50Uploads: crowd,
      residentAtMostMegabytes: 300,
    };
  });
}

async function withProduct<T>(settings: Record<string, string>, work: (product: Started, side: Side) => Promise<T>) {
  const folder = await temporaryFolder();
  const env = {
    ...OPEN_LIMITS,
    DATA_DIR: folder,
    PORT: '0',
    DB_NAME: `firebreak_bench_${randomBytes(6).toString('hex')}`,
    UPLOAD_MAX_BYTES: String(200 * MB),
    CASE_MAX_FILES: '10000',
    CASE_MAX_BYTES: String(1_000_000 * MB),
    PERSON_MAX_BYTES_PER_DAY: String(1_000_000 * MB),
    ...settings,
    ...(process.env['MONGODB_URI'] ? { MONGODB_URI: process.env['MONGODB_URI'] } : {}),
  };
  const link = await invite(env);
  const product = await startProcess('main.js', /listening on (\S+)/, { env });
  try {
    return await work(product, await productSide(product, link));
  } finally {
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function invite(env: Record<string, string>): Promise<string> {
  const config = readConfig({ ...env, BASE_URL: 'http://127.0.0.1' });
  const ctx = await Context.fromConfig(config, readSecrets(config, env));
  const { setupLink } = await addPersonCommand(ctx, {
    email: 'customer@example.com',
    roles: ['customer'],
    locale: 'en',
  });
  await ctx.close();
  return setupLink.split('#')[1] as string;
}

const plainSide = ({ match }: Started): Side => ({
  url: match[1] as string,
  path: '/files',
  headers: {},
  download: (answer) => ({ method: 'GET', path: `/files/${(JSON.parse(answer) as { name: string }).name}` }),
});

async function productSide({ match }: Started, token: string): Promise<Side> {
  const url = match[1] as string;
  const password = randomBytes(18).toString('base64');
  const caller = new Caller(url, 'customer');
  await caller.ask('POST', '/api/setup', { token, password });
  await caller.signIn('customer@example.com', password);
  const { caseId } = await caller.ask<{ caseId: string }>('POST', '/api/reports', {
    kind: 'other',
    whatHappened: 'Files for the measurement of files.',
    language: 'en',
  });
  return {
    url,
    path: `/api/cases/${caseId}/evidence`,
    headers: { Authorization: `Bearer ${caller.accessToken}` },
    download: (answer) => {
      const [first] = (JSON.parse(answer) as { evidence: { evidenceId: string }[] }).evidence;
      return { method: 'POST', path: `/api/cases/${caseId}/evidence/${first?.evidenceId}/downloads`, body: '{}' };
    },
  };
}

interface Load {
  readonly bytes: number;
  readonly files: number;
  readonly atOnce: number;
  readonly warm: number;
}

async function compare({ plain, product }: { plain: Side; product: Side }, load: Load) {
  for (const side of [plain, product]) await oneRound(side, { ...load, files: load.warm });
  const rounds: Record<'plain' | 'product', { up: number; down: number }>[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({ plain: await oneRound(plain, load), product: await oneRound(product, load) });
  const of = (side: 'plain' | 'product', way: 'up' | 'down') =>
    Math.round(median(rounds.map((each) => each[side][way])));
  const ratio = (way: 'up' | 'down') =>
    Number(median(rounds.map((each) => each.product[way] / each.plain[way])).toFixed(2));
  return {
    uploadMBps: { plain: of('plain', 'up'), product: of('product', 'up'), ratio: ratio('up') },
    downloadMBps: { plain: of('plain', 'down'), product: of('product', 'down'), ratio: ratio('down') },
  };
}

/** MB a second up, then down. */
async function oneRound(side: Side, { bytes, files, atOnce }: Load): Promise<{ up: number; down: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const answers: string[] = [];
  const up = await timed(files, atOnce, async () => void answers.push(await upload(agent, side, bytes)));
  let at = 0;
  const down = await timed(files, atOnce, () => download(agent, side, answers[at++] as string, bytes));
  agent.destroy();
  return { up: (bytes * files) / MB / up, down: (bytes * files) / MB / down };
}

async function timed(times: number, atOnce: number, act: () => Promise<void>): Promise<number> {
  let left = times;
  const client = async () => {
    while (left-- > 0) await act();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, client));
  return (performance.now() - began) / 1_000;
}

const CHUNK = randomBytes(256 * 1024);

/** An archive of noise, another one each time; made as it is sent. */
async function upload(agent: Agent, { url, path, headers }: Side, bytes: number): Promise<string> {
  const head = Buffer.concat([
    Buffer.from('--cut\r\nContent-Disposition: form-data; name="evidence"; filename="a.zip"\r\n\r\nPK\x03\x04'),
    randomBytes(28),
  ]);
  const tail = Buffer.from('\r\n--cut--\r\n');
  const length = head.length + tail.length + bytes - 32;
  const call = request(`${url}${path}`, {
    agent,
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'multipart/form-data; boundary=cut', 'Content-Length': length },
  });
  const answered = answerOf(call);
  call.write(head);
  for (let left = bytes - 32; left > 0; left -= CHUNK.length)
    if (!call.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK))
      await Promise.race([new Promise((resolve) => call.once('drain', resolve)), answered]);
  call.end(tail);
  const answer = await answered;
  const said = await text(answer);
  if (answer.statusCode !== 201) throw new Error(`an upload was answered ${answer.statusCode} ${said}`);
  return said;
}

async function download(agent: Agent, side: Side, upload: string, bytes: number): Promise<void> {
  const { method, path, body } = side.download(upload);
  const headers = { ...side.headers, ...(body ? { 'Content-Type': 'application/json' } : {}) };
  const call = request(`${side.url}${path}`, { agent, method, headers });
  const answered = answerOf(call);
  call.end(body);
  let read = 0;
  for await (const chunk of await answered) read += (chunk as Buffer).length;
  if (read !== bytes) throw new Error(`a download had ${read} bytes`);
}

/** The most memory that the product's process held while the crowd sent. */
async function crowdMegabytes({ pid }: Started, side: Side): Promise<number> {
  let most = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      most = Math.max(most, await residentMegabytes(pid));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const agent = new Agent({ keepAlive: true });
  await Promise.all(Array.from({ length: CROWD }, () => upload(agent, side, 100 * MB)));
  over = true;
  await watching;
  agent.destroy();
  return most;
}

/** From the answer to an upload until the preview is there to be looked at, for photos of 12 megapixels. */
async function photoPreviews({ url, path, headers }: Side): Promise<number[]> {
  const waits: number[] = [];
  for (let n = 0; n < PHOTOS; n += 1) {
    const form = new FormData();
    form.append('evidence', new Blob([new Uint8Array(await photo())], { type: 'image/jpeg' }), 'photo.jpg');
    const sent = await fetch(`${url}${path}`, { method: 'POST', headers, body: form });
    const { evidence } = (await sent.json()) as { evidence: { evidenceId: string }[] };
    const began = performance.now();
    for (;;) {
      const list = (await (await fetch(`${url}${path}`, { headers })).json()) as {
        evidence: { evidenceId: string; preview: { state: string } | null }[];
      };
      const state = list.evidence.find((each) => each.evidenceId === evidence[0]?.evidenceId)?.preview?.state;
      if (state === 'ready') break;
      await delay(ASK_EVERY_MS);
      if (state === 'failed' || performance.now() - began > 20_000) throw new Error(`a preview is ${state}`);
    }
    waits.push(Math.round(performance.now() - began));
  }
  return waits;
}

/** 4,000 by 3,000, with the grain of a camera. */
const photo = (): Promise<Buffer> =>
  sharp({
    create: {
      width: 4_000,
      height: 3_000,
      channels: 3,
      background: '#7a8a99',
      noise: { type: 'gaussian', mean: 128, sigma: 20 },
    },
  })
    .jpeg({ quality: 88 })
    .toBuffer();
