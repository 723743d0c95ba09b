import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { CASE, type EvidenceWorld, evidenceWorld } from './support.js';

/** `CUT_OFF_UPLOADS=10000` for the long run (`npm run cut-off`). */
const TIMES = Number(process.env['CUT_OFF_UPLOADS'] ?? 200);
const AT_ONCE = 20;
/** What the collector leaves for later, and what the allocator keeps. */
const SLACK_MB = 60;

describe('uploads that are cut off in the middle', function () {
  this.timeout(Math.max(60_000, TIMES * 100));
  let world: EvidenceWorld;
  let server: Server;
  /** Each upload that is over lets one of them go on. */
  const waiting: (() => void)[] = [];
  before(async () => {
    world = await evidenceWorld();
    server = createServer(world.app).listen(0, '127.0.0.1');
    server.on('request', (_request, response) => response.once('close', () => waiting.shift()?.()));
    await once(server, 'listening');
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.kernel.close();
  });

  const head = Buffer.from(
    `POST /api/cases/${CASE}/evidence HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 900000\r\n\r\n--cut\r\nContent-Disposition: form-data; name="evidence"; filename="a.txt"\r\n\r\n`,
  );
  const half = Buffer.alloc(300_000, 'a');

  /** Sends half a file and hangs up once the server has begun to write it, or is done with it. */
  async function cutOff(): Promise<void> {
    const closed = new Promise<void>((resolve) => waiting.push(resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(head);
    await new Promise<void>((resolve) => socket.write(half, () => resolve()));
    socket.destroy();
    await closed;
  }

  async function many(times: number): Promise<void> {
    let left = times;
    const client = async () => {
      while (left-- > 0) await cutOff();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    await world.ctx.vault.idle();
  }

  const handles = async () => (await readdir('/proc/self/fd')).length;
  const megabytes = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1]) / 1024;

  it(`leave memory, open files and disk as they were, ${TIMES} times`, async () => {
    await many(60);
    const before = { handles: await handles(), megabytes: await megabytes() };
    await many(TIMES);
    for (let tries = 0; (await handles()) > before.handles && tries < 2_000; tries += 1)
      await new Promise((resolve) => setImmediate(resolve));
    assert.ok((await handles()) <= before.handles + 2, `${await handles()} files are open, ${before.handles} were`);
    assert.ok((await megabytes()) < before.megabytes + SLACK_MB, `${await megabytes()} MB, ${before.megabytes} were`);
    assert.deepEqual(await world.files(), []);
  });
});
