import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Cast } from '../../src/demo/people.js';
import { approveRelease, orderRemedies } from '../../src/demo/release-steps.js';
import { reportForm, sendReport } from '../../src/demo/report-steps.js';
import { type ReportAnswer, type Scene, type Step, until } from '../../src/demo/scene.js';
import { playAfter, playBefore, playStory, STORY } from '../../src/demo/story.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld } from './held.js';

/** Long enough for what is under way, on a slow machine too; the product's own default is 10 s. */
const SHUTDOWN_MS = 30_000;

/** For what does not end. */
const SHORT_SHUTDOWN_MS = 2_000;

describe('the story, with SIGTERM', function () {
  this.timeout(300_000);
  let world: World;
  let casts: Cast[];

  before(async () => {
    const env = { SHUTDOWN_MS: String(SHUTDOWN_MS) };
    ({ world, prepared: casts } = await startWorld({ inOne: true, env }, (past) => past.casts(5)));
  });
  after(() => world?.close());
  afterEach(async () => {
    await world.exchange.reset();
    await world.web.start();
  });

  it('finishes the upload that is under way, and takes nothing new', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast);
        await playBefore(scene, sendReport);
        const upload = await beginUpload(world, scene);
        const ended = world.web.end('SIGTERM');
        await takesNothingNew(upload.url);
        upload.finish();
        const { status, body } = await upload.answer;
        assert.equal(status, 201, JSON.stringify(body));
        assert.equal(await ended, 0);
        await world.web.start();
        scene.learn({ sentAt: Date.now(), report: body as ReportAnswer });
        await playAfter(scene, sendReport);
        await assertHeld(world, scene);
      })(),
    ));

  it('cuts an upload that does not end in time, keeps nothing of it, and takes it whole afterwards', () =>
    world.explain(
      (async () => {
        await world.web.restart('SIGTERM', { SHUTDOWN_MS: String(SHORT_SHUTDOWN_MS) });
        const scene = await world.scene(casts[1] as Cast);
        await playBefore(scene, sendReport);
        const upload = await beginUpload(world, scene);
        const began = Date.now();
        const cut = assert.rejects(upload.answer, /ECONNRESET|EPIPE|socket hang up/);
        assert.notEqual(await world.web.end('SIGTERM'), null, 'it ended by itself');
        assert.ok(Date.now() - began < SHUTDOWN_MS, `it took ${Date.now() - began} ms`);
        await cut;
        assert.deepEqual(await readdir(join(world.folder, 'uploads', 'incoming')), []);
        await world.web.start({ SHUTDOWN_MS: String(SHUTDOWN_MS) });
        const again = await beginUpload(world, scene, upload.key);
        again.finish();
        const { status, body } = await again.answer;
        assert.equal(status, 201, JSON.stringify(body));
        scene.learn({ sentAt: Date.now(), report: body as ReportAnswer });
        await playAfter(scene, sendReport);
        await assertHeld(world, scene);
      })(),
    ));

  it('answers what it has taken, whoever asks how much at once', () =>
    world.explain(
      (async () => {
        const asking: readonly Step[] = [sendReport, orderRemedies, approveRelease];
        let stopping: Promise<number | null> | undefined;
        let armed = 0;
        const onSend = (method: string, path: string) => {
          if (method !== 'POST' || !/\/(reports|remedies|approval)$/.test(path) || armed === 0) return;
          armed -= 1;
          if (armed === 0) stopping = world.web.restart('SIGTERM');
        };
        // Refused at the door, or a connection that stood idle: sent again, under the same Idempotency-Key.
        const onCut = async () => {
          await stopping;
          await world.web.up();
        };
        const scenes = await Promise.all(casts.slice(2, 4).map((cast) => world.scene(cast, { onSend, onCut })));
        for (const step of STORY) {
          if (asking.includes(step)) armed = scenes.length;
          await Promise.all(scenes.map((scene) => step.play(scene)));
          if (asking.includes(step)) assert.equal(await stopping, 0);
        }
        for (const scene of scenes) await assertHeld(world, scene);
      })(),
    ));

  it('finishes what it is asking the exchange', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[4] as Cast, { onCut: () => world.web.up() });
        await scene.exchange.fail({ fail: 'slow', ms: 700 });
        const asking: readonly Step[] = [sendReport, orderRemedies, approveRelease];
        await playStory(scene, {
          after: async (step) => {
            if (!asking.includes(step)) return;
            assert.equal(await world.web.restart('SIGTERM'), 0);
          },
        });
        await assertHeld(world, scene);
      })(),
    ));
});

interface Upload {
  readonly url: string;
  readonly key: string;
  readonly answer: Promise<{ status: number; body: unknown }>;
  finish(): void;
}

/** Sends the first half of a report with its files; resolves once the product is writing a file of it. */
async function beginUpload(world: World, scene: Scene, key: string = crypto.randomUUID()): Promise<Upload> {
  const whole = new Response(await reportForm(scene.know('reportBody')));
  const type = whole.headers.get('content-type') ?? '';
  const bytes = Buffer.from(await whole.arrayBuffer());
  const url = await world.web.said();
  const request = httpRequest(`${url}/api/reports`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${scene.cast.customer.caller.accessToken}`,
      Reverification: scene.know('reverification'),
      'Idempotency-Key': key,
      'Content-Type': type,
      'Content-Length': bytes.length,
    },
  });
  const answer = answerOf(request);
  answer.catch(() => undefined); // whoever awaits it hears of it
  const half = Math.floor(bytes.length / 2);
  request.write(bytes.subarray(0, half));
  const incoming = join(world.folder, 'uploads', 'incoming');
  await until(
    'writing',
    () => readdir(incoming),
    (names) => names.length > 0,
  );
  return { url, key, answer, finish: () => void request.end(bytes.subarray(half)) };
}

async function answerOf(request: ClientRequest): Promise<{ status: number; body: unknown }> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
}

/** A process that stops lets nobody in any more. */
async function takesNothingNew(url: string): Promise<void> {
  const knock = () =>
    fetch(`${url}/readyz`, { headers: { Connection: 'close' } }).then(
      ({ status }) => status !== 200,
      () => true,
    );
  await until('closed', knock, (closed) => closed);
}
