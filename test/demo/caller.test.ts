import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Caller } from '../../src/demo/caller.js';

const STEP_MS = 30_000;

type Reply = 'cut' | readonly [status: number, body: object];

/** What came with a POST of a code. */
interface Came {
  readonly key: string;
  readonly code: string;
}

const REFUSED: Reply = [403, { code: 'code_refused' }];
const TAKEN: Reply = [200, { token: 'taken' }];

describe('somebody whose request with a code is cut', () => {
  let server: Server;
  let replies: Reply[];
  let came: Came[];
  let now: number;
  let caller: Caller;

  before(async () => {
    server = createServer(async (request, response) => {
      const { code } = (await json(request)) as { code?: string };
      if (code === undefined)
        return void response.setHeader('Content-Type', 'application/json').end('{"reverificationId":"one"}');
      came.push({ key: keyOf(request), code });
      const reply = replies.shift() ?? REFUSED;
      if (reply === 'cut') return void request.socket.destroy();
      response.writeHead(reply[0], { 'Content-Type': 'application/json' }).end(JSON.stringify(reply[1]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => void server.close());

  beforeEach(() => {
    came = [];
    now = 1_000 * STEP_MS;
    const onCut = async () => {
      now += STEP_MS; // so long was the product away
    };
    const { port } = server.address() as AddressInfo;
    caller = new Caller(`http://127.0.0.1:${port}`, 'somebody', { now: () => now, onCut });
    caller.totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  });

  const reverify = () => caller.reverify('freezeAccount', {}, {});

  it('gets the answer that was lost, by the same code under the same key', async () => {
    replies = ['cut', TAKEN];
    assert.equal(await reverify(), 'taken');
    assert.equal(came.length, 2);
    assert.deepEqual(came[1], came[0]);
  });

  it('waits for what the cut request left in the way', async () => {
    replies = ['cut', [409, { code: 'conflict' }], TAKEN];
    assert.equal(await reverify(), 'taken');
    assert.deepEqual(came[2], came[0]);
  });

  it('waits for others in the way as well', async () => {
    replies = [[409, { code: 'in_flight' }], TAKEN];
    assert.equal(await reverify(), 'taken');
    assert.deepEqual(came[1], came[0]);
  });

  it('sends the next code, as another request, when the first did nothing and is refused by now', async () => {
    replies = ['cut', REFUSED, TAKEN];
    assert.equal(await reverify(), 'taken');
    assert.notEqual(came[2]?.code, came[0]?.code);
    assert.notEqual(came[2]?.key, came[0]?.key);
  });

  it('does not guess: a code that is refused without a cut is refused', async () => {
    replies = [REFUSED, TAKEN];
    await assert.rejects(reverify(), /403 .*code_refused/);
    now += STEP_MS;
    replies = ['cut', REFUSED, REFUSED, TAKEN];
    await assert.rejects(reverify(), /403 .*code_refused/);
  });
});

const keyOf = (request: IncomingMessage): string => String(request.headers['idempotency-key']);
