import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { closeServer } from '../../src/kernel/lifecycle.js';

const ASK = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('closing a server', () => {
  it('answers what is under way, and tells a connection that goes on asking that it ends', async () => {
    const waiting: ServerResponse[] = [];
    const server = createServer((_request, response) => void waiting.push(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const received = text(socket);
    socket.write(ASK);
    await once(server, 'request');
    const closed = closeServer(server, 10_000);
    socket.write(ASK);
    await once(server, 'request');
    for (const response of waiting) response.end('ok');
    await closed;
    assert.deepEqual((await received).match(/^Connection: .*$/gm), ['Connection: keep-alive', 'Connection: close']);
  });
});
