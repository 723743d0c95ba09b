import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../../src/kernel/lifecycle.js';

describe('closeServer', () => {
  const serve = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    /** A request that has arrived; whoever sent it keeps the connection for a next one. */
    const ask = async () => {
      const answer = fetch(url).then((response) => response.text());
      answer.catch(() => undefined); // whoever awaits it hears of it
      const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
      return { answer, response };
    };
    return { server, url, ask };
  };

  it('lets what runs finish, and waits for nobody who only keeps the connection', async () => {
    const { server, ask } = await serve();
    const { answer, response } = await ask();
    const closed = closeServer(server, 60_000);
    response.end('whole');
    assert.equal(await answer, 'whole');
    const began = Date.now();
    await closed;
    assert.ok(Date.now() - began < 1_000, `it waited ${Date.now() - began} ms for an idle connection`);
  });

  it('takes nothing new', async () => {
    const { server, url, ask } = await serve();
    const { response } = await ask();
    const closed = closeServer(server, 60_000);
    await assert.rejects(fetch(url, { headers: { Connection: 'close' } }));
    response.end();
    await closed;
  });

  it('cuts what is not over in time', async () => {
    const { server, ask } = await serve();
    const { answer } = await ask();
    await closeServer(server, 50);
    await assert.rejects(answer);
  });
});
