import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../../src/kernel/lifecycle.js';

const GRACE_MS = 4_000;
const ANSWER_MS = 50; // longer than a client needs between two requests, so that the connection is hardly ever idle

describe('closing a server', () => {
  let agent: Agent;
  beforeEach(() => {
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(() => agent.destroy());

  async function serving(answer: (response: ServerResponse) => void) {
    const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const get = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, agent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        });
        sent.once('error', reject).end();
      });
    return { server, get };
  }

  it('is not kept up by a client that goes on asking over a connection it has', async () => {
    const { server, get } = await serving((response) => void setTimeout(() => response.end('ok'), ANSWER_MS));
    await get();
    let asking = true;
    let answers = 0;
    const asked = (async () => {
      for (; asking; answers += 1) await get();
    })().catch((error: unknown) => error);
    await once(server, 'request');
    await closeServer(server, GRACE_MS); // begun while a request is under way, so that the connection is not idle
    asking = false;
    await asked;
    assert.ok(answers <= 2, `the one under way and one more, not ${answers}`);
  });

  it('lets what was asked before be answered, and closes that connection then', async () => {
    let finish: () => void = () => undefined;
    const { server, get } = await serving((response) => {
      finish = () => response.end('ok');
    });
    const answered = get();
    await once(server, 'request');
    const began = performance.now();
    const closed = closeServer(server, GRACE_MS);
    finish();
    assert.equal(await answered, 200);
    await closed;
    assert.ok(performance.now() - began < GRACE_MS / 4, 'no waiting for the keep-alive to run out');
  });
});
