import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Person, signedInStaff } from '../support/people.js';
import { type Collector, httpCollector } from './collector.js';

describe('the status of the audit log', () => {
  let world: TestContext;
  let siem: Collector;
  let compliance: Person;
  before(async function () {
    this.timeout(300_000);
    siem = await httpCollector();
    world = await testContext({ AUDIT_STREAM_URL: `http://127.0.0.1:${siem.port}/collect?token=secret` }, {});
    compliance = await signedInStaff(world, ['compliance']);
  });
  after(async () => {
    await world?.close();
    await siem?.stop();
  });

  it('is for those who read the log', async () => {
    await world.send('get', '/api/audit/status').expect(401);
    await (await signedInStaff(world, ['agent'])).get('/api/audit/status').expect(403);
  });

  it('says how far behind the configured SIEM is, until it is not', async function () {
    this.timeout(300_000);
    for (;;) {
      const { body } = await compliance.get('/api/audit/status').expect(200);
      const [stream] = body.streams;
      assert.ok(body.checkpoint === null || body.checkpoint.size <= body.size);
      assert.equal(body.witnesses.length, 0);
      if (stream === undefined || stream.behind > 0 || stream.sent === 0) continue; // the worker sends by the clock
      assert.equal(stream.to, `http://127.0.0.1:${siem.port}/collect`);
      assert.deepEqual([stream.sent, stream.oldest, stream.failures, stream.trouble], [body.size, null, 0, null]);
      break;
    }
    const sent = siem.messages.map((message) => JSON.parse(message).metadata.sequence);
    assert.deepEqual(sent, [...sent.keys()], 'each once, in the order of the log');
  });
});
