import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import request from 'supertest';
import { derivativeJobs } from '../../src/evidence/derivative-jobs.js';
import { eraseEvidence } from '../../src/evidence/erase-evidence.js';
import { photo, picture } from '../support/samples.js';
import { zipOf } from '../support/zip.js';
import {
  ADMIN,
  ANALYST,
  ANONYMOUS,
  CASE,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  objectsOf,
  STRANGER,
  sha256,
  workOff,
} from './support.js';

describe('previews of evidence', function () {
  this.timeout(120_000);
  let world: EvidenceWorld;
  before(async () => {
    world = await evidenceWorld({ PREVIEW_TIMEOUT_MS: '60000' });
  });
  after(() => world.kernel.close());
  afterEach(() => world.as(OWNER));

  const path = (evidenceId: string, rest = '', caseId = CASE) => `/api/cases/${caseId}/evidence/${evidenceId}${rest}`;
  const add = async (bytes: Buffer, name = 'file'): Promise<string> => {
    world.as(OWNER);
    const answer = await request(world.app)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', bytes, name)
      .expect(201);
    return answer.body.evidence[0].evidenceId;
  };
  const shown = async (evidenceId: string, to = ANALYST) => {
    world.as(to);
    const { body } = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    return body.evidence.find((each: { evidenceId: string }) => each.evidenceId === evidenceId);
  };
  const acts = async (evidenceId: string) => {
    world.as(COMPLIANCE);
    const { body } = await request(world.app).get(path(evidenceId, '/custody')).expect(200);
    return body.custody.map(({ act, by }: { act: string; by: { id: string } }) => `${act} ${by.id}`) as string[];
  };

  describe('of a photograph', () => {
    let id: string;
    before(async () => {
      id = await add(await photo(), 'IMG_0001.jpg');
    });

    it('come a moment later, with what EXIF says for staff alone', async () => {
      assert.deepEqual((await shown(id)).preview, { state: 'waiting', form: null, because: null });
      await workOff(world, 'preview-evidence');
      const { preview, facts } = await shown(id);
      assert.deepEqual(preview, { state: 'ready', form: 'image', because: null });
      assert.deepEqual(facts, {
        takenAt: '2026-11-20T08:30:00+08:00',
        place: { latitude: 31.216667, longitude: 121.466667 },
        device: 'Maker Phone 1',
        software: 'Camera 7',
        width: 300,
        height: 400,
        pages: null,
      });
      const own = await shown(id, OWNER);
      assert.deepEqual([own.preview.state, own.facts], ['ready', null]);
    });

    it('are JPEGs of ours, under headers that let them do nothing, and every look is on record', async () => {
      for (const who of [OWNER, ANALYST]) {
        world.as(who);
        const answer = await request(world.app).get(path(id, '/preview/image')).buffer(true).expect(200);
        assert.equal(answer.headers['content-type'], 'image/jpeg');
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
        assert.equal(answer.headers['content-security-policy'], "sandbox; default-src 'none'");
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
        const image = await sharp(answer.body).metadata();
        assert.deepEqual([image.format, image.width, image.exif], ['jpeg', 300, undefined]);
      }
      const done = (await acts(id)).filter((act) => !act.startsWith('listed'));
      assert.deepEqual(done, [
        `received ${OWNER.id}`,
        'previewed previewer',
        `viewed ${OWNER.id}`,
        `viewed ${ANALYST.id}`,
      ]);
      assert.equal((await eventsOf('evidence.viewed')).length, 2);
      assert.equal((await eventsOf('evidence.previewed')).length, 1);
    });

    it('are for nobody else', async () => {
      const image = (at = id, caseId = CASE) => request(world.app).get(path(at, '/preview/image', caseId));
      world.as(ANONYMOUS);
      await image().expect(401);
      for (const who of [STRANGER, ADMIN]) {
        world.as(who);
        assert.equal((await image().expect(404)).body.code, 'case_not_found');
      }
      world.as(COMPLIANCE);
      await image().expect(403);
      world.as(OWNER);
      await image(id, OTHER_CASE).expect(404);
      await image('evidence_000000000000000000000000').expect(404);
    });

    it('lie encrypted like everything else', async () => {
      const preview = (await objectsOf(world.kernel)).find(({ kind }) => kind === 'derivative');
      assert.ok(preview);
      const bytes = await readFile(await world.path(preview.sha256));
      assert.ok(!bytes.includes(Buffer.from([0xff, 0xd8, 0xff])) && !bytes.includes('JFIF'));
    });

    it('are made once, however often the job runs', async () => {
      const before = await world.files();
      await run('preview-evidence', { evidenceId: id });
      assert.deepEqual(await world.files(), before);
      assert.equal((await eventsOf('evidence.previewed')).length, 1);
    });

    it('are made once by two workers that both have the job, each taking the other for lost', async () => {
      const other = await add(await photo(), 'IMG_0002.jpg');
      let release = () => {};
      const bothAreAtIt = new Promise<void>((resolve) => {
        release = resolve;
      });
      let begun = 0;
      const previewer: EvidenceWorld['ctx']['previewer'] = {
        expect: () => undefined,
        preview: async (file, of) => {
          begun += 1;
          if (begun === 2) release();
          await bothAreAtIt;
          return world.ctx.previewer.preview(file, of);
        },
      };
      const before = (await world.files()).length;
      const ctx = { ...world.ctx, previewer };
      const one = () => run('preview-evidence', { evidenceId: other }, ctx);
      await Promise.all([one(), one()]);
      await world.ctx.vault.idle();
      assert.equal((await world.files()).length, before + 1, 'one object');
      assert.equal((await eventsOf('evidence.previewed', other)).length, 1);
      assert.deepEqual(
        (await acts(other)).filter((act) => act.startsWith('previewed')),
        ['previewed previewer'],
      );
      assert.equal((await shown(other)).preview.state, 'ready');
    });

    const eventsOf = async (action: string, of = id) =>
      (await world.kernel.events(action)).filter((event) =>
        Buffer.from((event['bytes'] as { buffer: Uint8Array }).buffer).includes(of),
      );
  });

  it('of texts, mails and archives are words', async () => {
    const ids = [
      await add(Buffer.from('He wrote <script>alert(1)</script>'), 'chat.txt'),
      await add(Buffer.from('From: a@example.com\r\nTo: b@example.com\r\nSubject: Hi\r\n\r\nHello\r\n'), 'mail.eml'),
      await add(zipOf([{ name: '../../etc/passwd', content: Buffer.from('x') }]), 'all.zip'),
    ];
    await workOff(world, 'preview-evidence');
    const contents = [];
    for (const id of ids) {
      world.as(OWNER);
      const answer = await request(world.app).get(path(id, '/preview/content')).expect(200);
      assert.match(String(answer.headers['content-type']), /^application\/json/);
      contents.push(answer.body);
      assert.equal((await request(world.app).get(path(id, '/preview/image')).expect(404)).body.code, 'preview_missing');
    }
    const [text, mail, archive] = contents;
    assert.equal(text.text.text, 'He wrote <script>alert(1)</script>');
    assert.deepEqual([mail.mail.headers[2], mail.mail.text.trim()], [{ name: 'Subject', value: 'Hi' }, 'Hello']);
    assert.deepEqual(
      [archive.archive.entries[0].name, archive.archive.warnings],
      ['../../etc/passwd', ['path-escape']],
    );
  });

  it('that cannot be made say why, and are made once they can', async () => {
    const broken = await add(
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)]),
      'broken.png',
    );
    await workOff(world, 'preview-evidence');
    assert.deepEqual((await shown(broken)).preview, { state: 'failed', form: null, because: 'damaged' });
    world.as(OWNER);
    const answer = await request(world.app).get(path(broken, '/preview/image')).expect(404);
    assert.deepEqual([answer.body.code, answer.body.because], ['preview_missing', 'damaged']);

    const good = await add(await picture().png().toBuffer(), 'good.png');
    await run(
      'preview-evidence',
      { evidenceId: good },
      { ...world.ctx, previewer: { expect: () => undefined, preview: async () => ({ failed: 'crashed' }) } },
    );
    assert.equal((await shown(good)).preview.because, 'crashed');
    world.as(OWNER);
    await request(world.app).post(path(good, '/preview')).expect(403);
    world.as(ANALYST);
    await request(world.app).post(path(good, '/preview')).expect(202);
    await workOff(world, 'preview-evidence');
    assert.equal((await shown(good)).preview.state, 'ready');
  });

  it('of HTML and SVG there are none', async () => {
    for (const bytes of ['<!doctype html><script>1</script>', '<svg xmlns="http://www.w3.org/2000/svg"/>']) {
      const id = await add(Buffer.from(bytes));
      await workOff(world, 'preview-evidence');
      assert.equal((await shown(id)).preview.state, 'none');
    }
  });

  it('leave nothing when their record does not commit', async () => {
    const id = await add(await picture(40, 30).png().toBuffer(), 'lost.png');
    const before = (await world.files()).length;
    const failing = async () => {
      throw new Error('the store went away');
    };
    const ctx = { ...world.ctx, transact: failing };
    await assert.rejects(run('preview-evidence', { evidenceId: id }, ctx), /went away/);
    await world.ctx.vault.idle();
    assert.equal((await world.files()).length, before);
    await workOff(world, 'preview-evidence');
    assert.equal((await shown(id)).preview.state, 'ready');
  });

  it('that are no longer what was made are not shown', async () => {
    const id = await add(await picture(50, 30).png().toBuffer(), 'changed.png');
    await workOff(world, 'preview-evidence');
    world.as(OWNER);
    const { body } = await request(world.app).get(path(id, '/preview/image')).buffer(true).expect(200);
    await world.damage(sha256(body));
    assert.equal((await request(world.app).get(path(id, '/preview/image')).expect(500)).body.code, 'preview_damaged');
    assert.equal((await world.kernel.events('evidence.derivative-damaged')).length, 1);
    await request(world.app).post(path(id, '/downloads')).send({}).expect(200);
  });

  it('go when the original is erased, and with them what it said of itself', async () => {
    const apart = await evidenceWorld();
    try {
      apart.as(OWNER);
      const added = await request(apart.app)
        .post(`/api/cases/${CASE}/evidence`)
        .attach('evidence', await photo(), 'a.jpg');
      const id = added.body.evidence[0].evidenceId;
      await workOff(apart, 'preview-evidence');
      await apart.ctx.transact(COMPLIANCE, (tx) => eraseEvidence(tx, CASE, 'retention'));
      apart.as(OWNER);
      await request(apart.app).get(path(id, '/preview/image')).expect(404);
      const left = JSON.stringify(await apart.ctx.db.connection.collection('evidenceDerivatives').find().toArray());
      assert.equal(left, '[]');
      assert.ok((await objectsOf(apart.kernel)).every(({ state, key }) => state === 'erased' && key === undefined));
    } finally {
      await apart.kernel.close();
    }
  });

  it('are not made of what is erased meanwhile', async () => {
    const apart = await evidenceWorld();
    try {
      apart.as(OWNER);
      await request(apart.app)
        .post(`/api/cases/${CASE}/evidence`)
        .attach('evidence', Buffer.from('x'), 'a')
        .expect(201);
      const { previewer, transact } = apart.ctx;
      const slow: EvidenceWorld['ctx']['previewer'] = {
        expect: () => undefined,
        preview: async (...given) => {
          const made = await previewer.preview(...given);
          await transact(COMPLIANCE, (tx) => eraseEvidence(tx, CASE, 'retention'));
          return made;
        },
      };
      await workOff({ ...apart, ctx: { ...apart.ctx, previewer: slow } }, 'preview-evidence');
      assert.equal(await apart.ctx.db.connection.collection('evidenceDerivatives').countDocuments(), 0);
      assert.ok((await objectsOf(apart.kernel)).every(({ state, key }) => state !== 'kept' && key === undefined));
      assert.equal((await apart.kernel.events('evidence.previewed')).length, 0);
    } finally {
      await apart.kernel.close();
    }
  });

  it('are limited for each of staff', async () => {
    const strict = await evidenceWorld({ EVIDENCE_PREVIEWS_PER_HOUR: '2' });
    try {
      strict.as(OWNER);
      const added = await request(strict.app)
        .post(`/api/cases/${CASE}/evidence`)
        .attach('evidence', Buffer.from('x'), 'a');
      await workOff(strict, 'preview-evidence');
      const look = () => request(strict.app).get(path(added.body.evidence[0].evidenceId, '/preview/content'));
      strict.as(ANALYST);
      await look().expect(200);
      await look().expect(200);
      const answer = await look().expect(429);
      assert.deepEqual([answer.body.code, answer.body.viewsPerHour], ['view_quota_reached', 2]);
      strict.as(OWNER);
      await look().expect(200);
    } finally {
      await strict.kernel.close();
    }
  });

  const run = (name: string, payload: Record<string, string>, ctx = world.ctx) => {
    const job = derivativeJobs.find((each) => each.name === name);
    assert.ok(job);
    return job.handle(ctx, payload, { attempt: 1, jobId: 'job_of_test' });
  };
});
