import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { AuditLogs } from '../../src/audit/log-store.js';
import { readStatus } from '../../src/audit/read-status.js';
import { AuditEvents } from '../../src/audit/store.js';
import { httpTarget } from '../../src/audit/stream/http-target.js';
import { Streamer, type StreamerOptions } from '../../src/audit/stream/streamer.js';
import { syslogTarget } from '../../src/audit/stream/syslog-target.js';
import type { StreamTarget } from '../../src/audit/stream/target.js';
import { streamTargetOf } from '../../src/audit/stream/target-of.js';
import { readConfig } from '../../src/kernel/config.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { type Collector, httpCollector, syslogCollector } from './collector.js';
import { type LogFixture, logFixture, ORIGIN } from './log-fixture.js';

describe('streaming the audit log to a SIEM', () => {
  let fixture: LogFixture;
  const ending: (() => Promise<unknown>)[] = [];
  before(async () => {
    fixture = await logFixture({ leaseMs: 0 });
    await fixture.act(20, { caseId: 'case_1', personal: { contact: 'lin@example.test' } });
    await fixture.act(1, { action: 'release.refused-to-person', result: 'refused', facts: { because: '冻结' } });
    await fixture.log.tick();
  });
  after(() => fixture.close());
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
    await fixture.kernel.ctx.db.connection.collection('auditStreams').deleteMany({});
  });

  const db = () => fixture.kernel.ctx.db;
  const collecting = async (made: Promise<Collector>): Promise<Collector> => {
    const collector = await made;
    ending.push(() => collector.stop());
    return collector;
  };
  const streamer = (target: StreamTarget, more: Partial<StreamerOptions> = {}) => {
    const { clock, logger } = fixture.kernel.ctx;
    const made = new Streamer({ db: db(), clock, logger, target, origin: ORIGIN, pauseMs: 0, ...more });
    ending.push(() => made.stop());
    return made;
  };
  const turn = async (one: Streamer) => {
    one.offer();
    await one.settled();
  };
  const more = async (events: number) => {
    await fixture.act(events);
    await fixture.log.tick();
  };
  const overTcp = ({ port }: Collector) => syslogTarget({ hostname: '127.0.0.1', port, from: 'log.example' });
  const overHttp = ({ port }: Collector, authorization?: string) =>
    httpTarget({ url: new URL(`http://127.0.0.1:${port}/collect?token=x`), tls: {}, authorization });
  const json = (message: string) => JSON.parse(message.slice(message.indexOf('{')));
  const ids = ({ messages }: Collector) => [...new Set(messages.map((one) => json(one).metadata.uid))];
  const all = async () => (await fixture.entries()).map(({ event }) => event);
  const stream = async () => (await readStatus(db())).streams[0];

  it('sends every event as RFC 5424 over TCP, octets counted, in the order of the log', async () => {
    const siem = await collecting(syslogCollector());
    await turn(streamer(overTcp(siem)));
    assert.equal(siem.messages.length, (await all()).length);
    assert.deepEqual(ids(siem), await all());
    const refused = siem.messages[20] ?? '';
    const header =
      /^<108>1 \d{4}-\d\d-\d\dT[\d:.]+Z log\.example firebreak - release\.refused-to-person \[meta sequenceId="21"\] \{/;
    assert.match(refused, header);
    assert.match(siem.messages[0] ?? '', /^<110>1 /);
    assert.equal(json(refused).unmapped.facts.because, '冻结');
  });

  it('says what the event says, in the words of OCSF, and no personal datum', async () => {
    const siem = await collecting(httpCollector());
    await turn(streamer(overHttp(siem, 'Bearer of-mine')));
    const [event] = await fixture.events();
    const found = json(siem.messages.find((one) => json(one).metadata.uid === event?._id) ?? '{}');
    assert.deepEqual(
      [found.class_uid, found.type_uid, found.category_uid, found.activity_id, found.severity_id, found.status_id],
      [6003, 600399, 6, 99, 1, 1],
    );
    assert.equal(found.time, event?.at.getTime());
    assert.equal(found.api.operation, 'case.viewed');
    assert.equal(found.metadata.log_name, ORIGIN);
    assert.equal(found.unmapped.case_id, 'case_1');
    assert.ok(leafHash(Buffer.from(found.raw_data)).equals(event?.leafHash ?? Buffer.alloc(0)));
    assert.ok(!siem.messages.join().includes('lin@example.test') && !siem.messages.join().includes('203.0.113.9'));
    assert.deepEqual(siem.authorizations, ['Bearer of-mine']);
    assert.ok(!(await stream())?.to.includes('token'));
  });

  for (const how of ['reset', 'end-early', 'hang'] as const)
    it(`loses nothing when syslog connections ${how}, and when nobody is there`, async () => {
      const siem = await collecting(syslogCollector());
      const one = streamer(overTcp(siem), { sendMs: how === 'hang' ? 200 : 5_000 });
      await turn(one);
      siem.behave(how);
      await more(5);
      await turn(one);
      const behind = await stream();
      assert.equal(behind?.behind, 5);
      assert.equal(behind?.failures, 1);
      assert.ok(behind?.trouble && behind.oldest);
      await siem.stop();
      await more(2);
      await turn(one);
      assert.equal((await stream())?.trouble, 'ECONNREFUSED');
      siem.behave('take');
      await siem.start();
      await turn(one);
      assert.deepEqual(ids(siem).toSorted(), (await all()).toSorted());
      const again = await stream();
      assert.deepEqual([again?.behind, again?.failures, again?.trouble, again?.oldest], [0, 0, null, null]);
    });

  it('sends a batch again that was taken when its answer was lost, and one that was refused', async () => {
    const siem = await collecting(httpCollector());
    const one = streamer(overHttp(siem));
    siem.behave('refuse');
    await turn(one);
    assert.deepEqual(siem.messages, []);
    assert.equal((await stream())?.trouble, 'the answer was 503');
    siem.behave('reset');
    await turn(one);
    assert.equal((await stream())?.sent, 0);
    siem.behave('take');
    await turn(one);
    const { length } = await all();
    assert.equal(siem.messages.length, 2 * length);
    assert.deepEqual(ids(siem), await all());
  });

  it('sends the batch before an outage again: who took it may have died of it', async () => {
    const siem = await collecting(httpCollector());
    const one = streamer(overHttp(siem));
    await turn(one);
    const { length } = await all();
    siem.behave('refuse');
    await more(1);
    await turn(one);
    siem.behave('take');
    siem.messages.length = 0;
    await turn(one);
    assert.equal(siem.messages.length, length + 1);
  });

  it('goes on where it was after a restart, and begins at the end when told to', async () => {
    const siem = await collecting(syslogCollector());
    const first = streamer(overTcp(siem));
    await turn(first);
    await first.stop();
    await more(3);
    siem.messages.length = 0;
    await turn(streamer(overTcp(siem), { from: 'now' }));
    assert.equal(siem.messages.length, 3);
    const other = await collecting(httpCollector());
    await turn(streamer(overHttp(other), { from: 'now' }));
    assert.equal(other.messages.length, 0);
  });

  it('lets one process at a time send, and another take over from one that died', async () => {
    const siem = await collecting(syslogCollector());
    const dead = streamer(overTcp(siem));
    await turn(dead);
    await more(2);
    const contacts = siem.contacts();
    const waiting = streamer(overTcp(siem), { leaseMs: 60_000 });
    await turn(waiting);
    assert.equal(siem.contacts(), contacts, 'while somebody else may live');
    await turn(streamer(overTcp(siem), { leaseMs: 0 }));
    assert.deepEqual(ids(siem), await all());
    siem.messages.length = 0;
    await more(1);
    await turn(dead);
    assert.equal(siem.messages.length, 0, 'who was taken over from stops');
  });

  it('breaks off at once when it is stopped in the middle', async () => {
    const siem = await collecting(syslogCollector());
    siem.behave('hang');
    const one = streamer(overTcp(siem), { sendMs: 60_000 });
    one.offer();
    await one.stop();
    assert.equal((await stream())?.sent ?? 0, 0);
    siem.behave('take');
    await turn(streamer(overTcp(siem)));
    assert.deepEqual(ids(siem), await all());
  });

  it('says so where the store lost an event, and goes on; and where the log was cut back', async () => {
    const [row] = await AuditEvents(db()).collection.find({}).sort({ _id: 1 }).limit(1).toArray();
    await AuditEvents(db()).collection.deleteOne({ _id: row?._id as never });
    try {
      const siem = await collecting(syslogCollector());
      const one = streamer(overTcp(siem));
      await turn(one);
      const lost = siem.messages.filter((message) => message.startsWith('<106>'));
      assert.equal(lost.length, 1);
      assert.equal(json(lost[0] ?? '').metadata.uid, row?._id);
      const size = (await all()).length;
      await AuditLogs(db()).collection.updateOne({ _id: 'log' as never }, { $set: { size: size - 2 } });
      await turn(one);
      assert.deepEqual([(await stream())?.sent, (await stream())?.trouble], [size - 2, 'the log was cut back']);
      await AuditLogs(db()).collection.updateOne({ _id: 'log' as never }, { $set: { size } });
      siem.messages.length = 0;
      await turn(one);
      assert.equal(siem.messages.length, 2);
    } finally {
      await AuditEvents(db()).collection.insertOne(row as never);
    }
  });

  it('sends more than one batch can hold', async () => {
    await more(600);
    const siem = await collecting(syslogCollector());
    await turn(streamer(overTcp(siem)));
    assert.deepEqual(ids(siem), await all());
    assert.ok(siem.contacts() > 1);
  });

  describe('over TLS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-tls-'));
    const path = (name: string) => join(folder, name);
    const pem = (name: string) => readFileSync(path(name), 'utf8');
    before(() => {
      for (const name of ['siem', 'firebreak'])
        execFileSync(
          'openssl',
          [
            ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
            ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
            ...['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)],
          ],
          { stdio: 'ignore' },
        );
    });
    after(() => rmSync(folder, { recursive: true }));

    const siemOverTls = () =>
      collecting(
        syslogCollector({
          key: pem('siem.key'),
          cert: pem('siem.crt'),
          ca: pem('firebreak.crt'),
          requestCert: true,
          rejectUnauthorized: true,
        }),
      );
    const configured = (port: number, env: Record<string, string>, secretsEnv: Record<string, string>) => {
      const config = readConfig({ DATA_DIR: folder, AUDIT_STREAM_URL: `tls://127.0.0.1:${port}`, ...env });
      return streamTargetOf(config, readSecrets(config, secretsEnv)) as StreamTarget;
    };
    const CERT = () => ({ AUDIT_STREAM_CERT: path('firebreak.crt') });
    const KEY = () => ({ AUDIT_STREAM_KEY_FILE: path('firebreak.key') });

    it('sends as configured, each side knowing the other, and again after an outage', async () => {
      const siem = await siemOverTls();
      const one = streamer(configured(siem.port, { AUDIT_STREAM_CA: path('siem.crt'), ...CERT() }, KEY()));
      siem.behave('reset');
      await turn(one);
      assert.equal((await stream())?.failures, 1);
      siem.behave('take');
      await turn(one);
      assert.deepEqual(ids(siem), await all());
      assert.equal((await stream())?.behind, 0);
    });

    it('sends nothing to who cannot show a certificate, nor without its own', async () => {
      const siem = await siemOverTls();
      await turn(streamer(configured(siem.port, CERT(), KEY())));
      assert.match((await stream())?.trouble ?? '', /SELF_SIGNED/);
      await turn(streamer(configured(siem.port, { AUDIT_STREAM_CA: path('siem.crt') }, {}), { leaseMs: 0 }));
      assert.equal((await stream())?.sent, 0);
      assert.deepEqual(siem.messages, []);
    });

    it('refuses settings that do not fit', () => {
      assert.throws(() => configured(1, CERT(), {}), /AUDIT_STREAM_KEY/);
      assert.throws(() => configured(1, { AUDIT_STREAM_CA: path('nothing') }, {}), /AUDIT_STREAM_CA cannot be read/);
      assert.throws(() => configured(1, { AUDIT_STREAM_URL: 'http://a:b@127.0.0.1' }, {}), /credentials/);
    });
  });
});
