import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import request from 'supertest';
import { ANONYMOUS, PNG, REPORT, type ReportWorld, reportWorld } from './support.js';

/** Every field that takes text, with the path of its place in a report. */
const TEXT_FIELDS = [
  'kind',
  'language',
  'occurredAt',
  'noticedAt',
  'where.channel',
  'where.detail',
  'whatHappened',
  'losses.0.asset',
  'losses.0.amount',
  'transactionHashes.0',
  'counterpartyAddresses.0',
  'notMine.trades.0',
  'notMine.withdrawals.0',
  'notMine.signIns.0',
  'contact.email',
  'contact.phone',
  'compromised.0',
  'account.uid',
  'account.email',
];

describe('refusing a report', () => {
  let world: ReportWorld;
  let server: Server;
  before(async () => {
    world = await reportWorld({ UPLOAD_MAX_BYTES: '100000' });
    server = createServer(world.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    world.as(ANONYMOUS);
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.close();
  });
  afterEach(async () => {
    const [reports, files] = await Promise.all([world.count('reports'), world.files()]);
    assert.deepEqual([reports, files], [0, []], 'a refused report leaves nothing');
  });

  const send = (body: object | string) =>
    request(server).post('/api/reports').set('Content-Type', 'application/json').send(body);
  const upload = () => request(server).post('/api/reports').field('report', JSON.stringify(REPORT));

  for (const path of TEXT_FIELDS) {
    it(`takes no query operator in ${path}`, async () => {
      const answer = await send(placed(path, { $ne: '' })).expect(400);
      assert.equal(answer.body.code, 'invalid_request');
      assert.ok(answer.body.issues.length > 0);
    });
    it(`takes no NUL and no half character in ${path}`, async () => {
      await send(placed(path, 'a\0b')).expect(400);
      await send(JSON.stringify(placed(path, 'HALF')).replace('HALF', '\\ud800')).expect(400);
    });
    it(`takes no endless text in ${path}`, async () => {
      await send(placed(path, 'x'.repeat(10_001))).expect(400);
    });
  }

  it('names what is unknown by its path, and never repeats what was sent', async () => {
    const answer = await send({ ...REPORT, isAdmin: 'secret-value', contact: { email: 'secret-value' } }).expect(400);
    assert.deepEqual(answer.body.issues.map(({ path, rule }: Record<string, string>) => [path, rule]).sort(), [
      ['contact.email', 'string.email'],
      ['isAdmin', 'object.unknown'],
    ]);
    assert.ok(!answer.text.includes('secret-value'));
  });

  it('refuses names that would reach a prototype', async () => {
    await send(`{"__proto__":{"kind":"other"},"kind":"other","whatHappened":"x","contact":{"phone":"12345"}}`).expect(
      400,
    );
    await send({ ...REPORT, constructor: { prototype: {} } }).expect(400);
  });

  it('refuses broken, nested, huge and foreign bodies', async () => {
    assert.equal((await send('{"kind":').expect(400)).body.code, 'malformed_json');
    assert.equal(
      (await send(`{"where":${'['.repeat(5_000)}${']'.repeat(5_000)}}`).expect(400)).body.code,
      'invalid_request',
    );
    await send({ ...REPORT, whatHappened: 'x'.repeat(300_000) }).expect(413);
    await request(server).post('/api/reports').set('Content-Type', 'text/plain').send('help').expect(415);
    await request(server)
      .post('/api/reports')
      .set('Content-Type', 'multipart/mixed; boundary=x')
      .send('--x--')
      .expect(415);
    await request(server).get('/api/reports').expect(405);
  });

  it('refuses amounts and times that are not what they should be', async () => {
    for (const amount of ['1e5', '-1', '0x10', '1,5', '.5', '1.', '1'.repeat(31), 'NaN', 5])
      await send({ ...REPORT, losses: [{ asset: 'BTC', amount }] }).expect(400);
    const noTimes = ['yesterday', '2026-13-01T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00', '2026-W01-1'];
    const noDays = ['2026-02-29', '2024-02-30', '2100-02-29', '2026-04-31', '9999-12-31', '1969-12-31', '0000-01-01'];
    for (const occurredAt of [...noTimes, ...noDays.map((day) => `${day}T12:00:00Z`), '2026-01-01T12:00:00+15:00'])
      await send({ ...REPORT, occurredAt }).expect(400);
  });

  it('refuses a hold without an account', async () => {
    assert.equal((await send({ ...REPORT, requestHold: true }).expect(422)).body.code, 'hold_needs_account');
  });

  it('refuses eleven files', async () => {
    let call = upload();
    for (let n = 0; n < 11; n += 1) call = call.attach('evidence', PNG, `${n}.png`);
    assert.equal((await call.expect(413)).body.code, 'too_many_files');
  });

  it('refuses too large a file', async () => {
    const answer = await upload()
      .attach('evidence', PNG, 'a.png')
      .attach('evidence', Buffer.alloc(100_001, 'a'), 'b.txt');
    assert.deepEqual([answer.status, answer.body.code], [413, 'file_too_large']);
  });

  it('keeps no file of a report that does not fit, or has none', async () => {
    await request(server)
      .post('/api/reports')
      .field('report', '{"kind":"other"}')
      .attach('evidence', PNG, 'a.png')
      .expect(400);
    await request(server).post('/api/reports').field('report', '{').attach('evidence', PNG, 'a.png').expect(400);
    await request(server).post('/api/reports').attach('evidence', PNG, 'a.png').expect(400);
    await upload().field('report', '{}').attach('evidence', PNG, 'a.png').expect(400);
  });

  it('keeps nothing of an upload that is cut off in the middle', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST /api/reports HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 90000\r\n\r\n',
    );
    socket.write(
      Buffer.concat([
        Buffer.from(`--cut\r\nContent-Disposition: form-data; name="report"\r\n\r\n${JSON.stringify(REPORT)}\r\n`),
        Buffer.from('--cut\r\nContent-Disposition: form-data; name="evidence"; filename="a.png"\r\n\r\n'),
        PNG,
        Buffer.from('\r\n--cut\r\nContent-Disposition: form-data; name="evidence"; filename="b.txt"\r\n\r\nhalf a fi'),
      ]),
    );
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    const closed = once(response, 'close');
    socket.destroy();
    await closed;
  });
});

describe('limits on reports', () => {
  it('stops a source, a person and mail to one mailbox, before the upload', async () => {
    const world = await reportWorld({ ANONYMOUS_REPORTS_PER_HOUR: '2', REPORTS_PER_HOUR: '1' });
    try {
      const send = (email: string) =>
        request(world.app)
          .post('/api/reports')
          .send({ ...REPORT, contact: { email } });
      await send('one@example.org').expect(201);
      await send('two@example.org').expect(201);
      const refused = await request(world.app)
        .post('/api/reports')
        .field('report', JSON.stringify(REPORT))
        .attach('evidence', PNG, 'a.png')
        .expect(429);
      assert.ok(Number(refused.headers['retry-after']) > 0);
      assert.deepEqual(await world.files(), []);
      world.as((await world.customer('person@example.org')).actor);
      await send('person@example.org').expect(201);
      await send('person@example.org').expect(429);
    } finally {
      await world.close();
    }
  });
});

/** A whole report with one value in one place. */
function placed(path: string, value: unknown): object {
  const report = structuredClone({
    ...REPORT,
    occurredAt: '2026-01-02T03:04:05Z',
    noticedAt: '2026-01-02T03:04:05+08:00',
    where: { channel: 'app', detail: 'the trade page' },
    losses: [{ asset: 'USDT', amount: '9500.00' }],
    transactionHashes: ['9f2c4a1e7b5d3806c1f4e8a7d2b90563'],
    counterpartyAddresses: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    notMine: { trades: ['tr-1'], withdrawals: ['wd-1'], signIns: ['si-1'] },
    contact: { email: 'wei@example.org', phone: '+8613800138000' },
    compromised: ['email'],
    account: { uid: '10000001', email: 'wei@example.org' },
  }) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const parent = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, report);
  parent[last] = value;
  return report;
}
