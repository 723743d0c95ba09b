import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ArchiveContent, MailContent, PreviewFailure, TextContent } from '../../src/evidence/previewer/words.js';
import { makePreviewer, type Preview, type PreviewOf } from '../../src/evidence/previewer.js';
import { runLimited } from '../../src/evidence/run-limited.js';
import { scratchFile } from '../../src/evidence/scratch-file.js';
import { chinesePdf, HEIC, hugePng, LOCKED_PDF, pdfOf, photo, picture, video } from '../support/samples.js';
import { type ZipEntry, zipOf } from '../support/zip.js';

const LIMITS = { milliseconds: 60_000, megabytes: 1_024 };
const FACTS = {
  takenAt: '2026-11-20T08:30:00+08:00',
  place: { latitude: 31.216667, longitude: 121.466667 },
  device: 'Maker Phone 1',
};

describe('the previewer', function () {
  this.timeout(120_000);
  const previewer = makePreviewer(LIMITS);

  async function preview(bytes: Uint8Array, of: PreviewOf, by = previewer): Promise<Preview> {
    const file = await scratchFile(only(bytes));
    return by.preview(file, of).finally(() => file.close());
  }
  async function made(bytes: Uint8Array, of: PreviewOf) {
    const answer = await preview(bytes, of);
    assert.ok('made' in answer, JSON.stringify(answer));
    return answer;
  }
  async function content<T>(bytes: Uint8Array, of: PreviewOf): Promise<T> {
    return JSON.parse((await made(bytes, of)).bytes.toString('utf8')) as T;
  }
  async function fails(bytes: Uint8Array, of: PreviewOf, because: PreviewFailure) {
    assert.deepEqual(await preview(bytes, of), { failed: because });
  }

  describe('shows pictures', () => {
    it('upright, re-encoded, without a trace of metadata; what EXIF says stands beside it', async () => {
      const { made: form, facts, bytes } = await made(await photo(), { type: 'image/jpeg' });
      assert.deepEqual([form, facts], ['image', { ...FACTS, software: 'Camera 7', width: 300, height: 400 }]);
      const shown = await sharp(bytes).metadata();
      assert.deepEqual([shown.format, shown.width, shown.height], ['jpeg', 300, 400]);
      assert.deepEqual([shown.exif, shown.icc, shown.xmp, shown.iptc, shown.orientation], Array(5).fill(undefined));
      for (const word of ['Exif', 'Maker', 'Phone', '2026:11:20']) assert.ok(!bytes.includes(word), word);
    });

    it('of every kind, transparent parts white and the longest side 1,600 at most', async () => {
      const png = await transparent(3_000, 200);
      const { bytes } = await made(png, { type: 'image/png' });
      const { info, data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.channels, ...data.subarray(0, 3)], [1_600, 3, 255, 255, 255]);
      await made(await picture().webp().toBuffer(), { type: 'image/webp' });
    });

    it('from HEIC, with its facts', async () => {
      const { facts, bytes } = await made(HEIC, { type: 'image/heic' });
      assert.deepEqual(facts, { ...FACTS, width: 320, height: 240 });
      assert.deepEqual(await pixel(bytes, 25, 25), 'blue');
      assert.deepEqual(await pixel(bytes, 300, 200), 'red');
    });

    it('as the first page of a PDF, whose script never runs', async () => {
      const { facts, bytes } = await made(pdfOf({ script: 'while(true){}' }), { type: 'application/pdf' });
      assert.deepEqual([facts.pages, facts.height], [1, 1_600]);
      const { dominant, isOpaque } = await sharp(bytes).stats();
      assert.deepEqual([dominant.r > 240, isOpaque], [true, true]);
      assert.ok((await sharp(bytes).stats()).channels[0]!.min < 50, 'there is text on it');
    });

    it('of a PDF that names a Chinese font and does not bring it', async () => {
      const { bytes } = await made(chinesePdf(), { type: 'application/pdf' });
      const { channels } = await sharp(bytes).greyscale().stats();
      assert.ok((channels[0]?.mean ?? 255) < 245, 'the page is empty');
    });

    it('as the first frame of a video or an animation', async () => {
      for (const [type, format] of [
        ['video/mp4', 'mp4'],
        ['video/webm', 'webm'],
        ['image/gif', 'gif'],
      ] as const) {
        const { facts, bytes } = await made(video(format), { type });
        assert.deepEqual([facts.width, facts.height], [320, 180], type);
        assert.equal((await sharp(bytes).metadata()).format, 'jpeg');
      }
    });
  });

  describe('shows what can be read', () => {
    it('as text in its charset, control characters made visible, the end cut off', async () => {
      const bytes = Buffer.from([0xd7, 0xaa, 0xd5, 0xcb, 0x07, 0x1b, 0x5b]); // 转账 in GB 18030
      assert.deepEqual(await content<TextContent>(bytes, { type: 'text/plain', charset: 'gb18030' }), {
        text: '转账\u2407\u241b[',
        truncated: false,
      });
      const long = await content<TextContent>(Buffer.from('€'.repeat(300_000)), { type: 'text/csv', charset: 'utf-8' });
      assert.deepEqual([long.text.length, long.truncated], [100_000, true]);
    });

    it('as a mail: headers, text, attachments by name, nothing fetched', async () => {
      const mail = [
        'Received: from evil.example',
        'From: =?utf-8?B?5Lqk5piT5omA?= <no-reply@exchange.example>',
        'Subject: Verify\u0007 now',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=cut',
        '',
        '--cut',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>Your account is <b>frozen</b>. <a href="https://phish.example/x">Verify</a>',
        '<img src="http://127.0.0.1:1/beacon.png"><script>alert(1)</script></p>',
        '--cut',
        'Content-Type: application/x-msdownload; name="../../run.exe"',
        'Content-Disposition: attachment; filename="../../run.exe"',
        '',
        'MZ',
        '--cut--',
        '',
      ].join('\r\n');
      const shown = await content<MailContent>(Buffer.from(mail), { type: 'message/rfc822', charset: 'utf-8' });
      assert.match(shown.text, /Your account is frozen\. Verify \[https:\/\/phish\.example\/x\]/);
      assert.ok(!shown.text.includes('alert(1)'));
      assert.deepEqual(shown.headers.slice(0, 1), [{ name: 'Received', value: 'from evil.example' }]);
      assert.equal(shown.headers[2]?.value, 'Verify\u2407 now');
      assert.deepEqual(
        shown.attachments.map(({ name, size }) => [name, size]),
        [['../../run.exe', 2]],
      );
    });
  });

  describe('lists archives', () => {
    const list = (entries: readonly ZipEntry[], options = {}) =>
      content<ArchiveContent>(zipOf(entries, options), { type: 'application/zip' });
    const file = (name: string | Uint8Array, content = Buffer.from('some text')): ZipEntry => ({ name, content });

    it('by name, size and ratio, in whatever charset the names are', async () => {
      const shown = await list([file('chat.txt'), file(Buffer.from([0xbd, 0xd8, 0xcd, 0xbc]))]); // 截图 in GBK
      assert.deepEqual(
        shown.entries.map(({ name, size }) => [name, size]),
        [
          ['chat.txt', 9],
          ['截图', 9],
        ],
      );
      assert.deepEqual([shown.count, shown.bomb, shown.warnings, shown.truncated], [2, false, [], false]);
    });

    it('and says what is wrong with them', async () => {
      const zeros = Buffer.alloc(70 * 1024 * 1024);
      const wrong: [string, ArchiveContent][] = [
        ['ratio', await list([file('zeros', zeros)])],
        [
          'overlap',
          await list(
            Array.from({ length: 20 }, (_, n) => file(`${n}`, Buffer.alloc(1_000))),
            { overlap: true },
          ),
        ],
        ['sizes-lie', await list([{ ...file('small', Buffer.alloc(100_000)), claimedSize: 10 }])],
        ['nested', await list([file('inside.ZIP')])],
        ['path-escape', await list([file('../../etc/passwd')])],
        ['path-escape', await list([file('C:\\Windows\\x')])],
        ['encrypted', await list([{ ...file('secret'), encrypted: true }])],
      ];
      for (const [warning, { warnings, bomb }] of wrong) {
        assert.deepEqual(warnings, [warning]);
        assert.equal(bomb, ['ratio', 'overlap', 'sizes-lie'].includes(warning), warning);
      }
    });

    it('of any length, in bounded time', async () => {
      const many = Array.from({ length: 5_000 }, (_, n) => file(`${n}.txt`, Buffer.from('x')));
      const shown = await list(many);
      assert.deepEqual([shown.count, shown.entries.length, shown.truncated], [5_000, 1_000, true]);
    });
  });

  describe('refuses', () => {
    it('more pixels than it would hold, from a small file', async () => {
      const png = await hugePng();
      assert.ok(png.length < 800_000);
      await fails(png, { type: 'image/png' }, 'too-many-pixels');
    });

    it('a PDF page a mile long only to draw it small', async () => {
      const { bytes } = await made(pdfOf({ width: 1e6, height: 10 }), { type: 'application/pdf' });
      assert.equal((await sharp(bytes).metadata()).width, 1_600);
    });

    it('whatever libvips could read besides JPEG, PNG and WebP, under any name', async () => {
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>');
      const tiff = await picture().tiff().toBuffer();
      const avif = await picture(16, 16).avif().toBuffer();
      await fails(svg, { type: 'image/png' }, 'damaged');
      await fails(tiff, { type: 'image/jpeg' }, 'damaged');
      await fails(avif, { type: 'image/webp' }, 'damaged');
      await fails(video('gif'), { type: 'image/png' }, 'damaged');
    });

    it('what is broken, locked or has no form to show', async () => {
      await fails(LOCKED_PDF, { type: 'application/pdf' }, 'locked');
      await fails(Buffer.from('%PDF-1.7 and no more'), { type: 'application/pdf' }, 'damaged');
      await fails(Buffer.from('PK\x03\x04 and no more'), { type: 'application/zip' }, 'damaged');
      await fails(HEIC.subarray(0, 600), { type: 'image/heic' }, 'damaged');
      await fails(Buffer.from('no video'), { type: 'video/mp4' }, 'damaged');
      await fails(Buffer.from('<html>'), { type: 'application/octet-stream' }, 'unsupported');
    });

    it('to be confused by flipped bytes: each answer is a preview or a reason', async () => {
      const samples: [PreviewOf['type'], Buffer][] = [
        ['image/jpeg', await photo()],
        ['image/png', await picture().png().toBuffer()],
        ['image/heic', HEIC],
        ['application/pdf', pdfOf()],
        ['application/zip', zipOf([{ name: 'a', content: Buffer.from('text') }])],
      ];
      for (const [type, bytes] of samples) {
        const hostile = Buffer.from(bytes);
        for (let n = 0; n < 12; n += 1) hostile[randomInt(8, hostile.length)] = randomInt(256);
        const answer = await preview(hostile, { type });
        assert.ok('made' in answer || typeof answer.failed === 'string', type);
      }
    });
  });

  describe('costs one preview when it', () => {
    const run = async (script: string, over: Partial<Parameters<typeof runLimited>[2]> = {}) => {
      const file = await scratchFile(only(Buffer.from('input')));
      const limits = { milliseconds: 10_000, megabytes: 256, answerBytes: 1_000, ...over };
      return runLimited([process.execPath, '-e', script], file.fd, limits).finally(() => file.close());
    };

    it('hangs', async () => {
      assert.deepEqual(await run('for(;;);', { milliseconds: 300 }), { failed: 'timed-out' });
      const slow = makePreviewer({ ...LIMITS, milliseconds: 1 });
      assert.deepEqual(await preview(await photo(), { type: 'image/jpeg' }, slow), { failed: 'timed-out' });
    });

    it('crashes, eats memory, floods its answer or wants to write', async () => {
      for (const script of [
        'process.abort()',
        'process.exit(3)',
        'const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1))',
        'fs.writeSync(4, "x".repeat(100_000))',
        'fs.writeFileSync(2, "x"); fs.writeFileSync(path.join(os.tmpdir(), "firebreak-must-stay-empty"), "x")',
      ])
        assert.deepEqual(await run(script), { failed: 'crashed' }, script);
      const written = join(tmpdir(), 'firebreak-must-stay-empty');
      assert.equal((await stat(written)).size, 0);
      await rm(written);
    });

    it('is a program that is not there', async () => {
      const file = await scratchFile(only(Buffer.from('x')));
      const limits = { milliseconds: 5_000, megabytes: 64, answerBytes: 10 };
      assert.deepEqual(await runLimited(['no-such-program'], file.fd, limits), { failed: 'no-decoder' });
      await file.close();
    });

    it('and is given the file, no variable of ours, and leaves nothing', async () => {
      process.env['FIREBREAK_TEST_SECRET'] = 'x';
      const ended = await run(
        'console.log("noise"); fs.writeSync(4, [fs.readFileSync(3, "utf8"), " ", Object.keys(process.env).sort().join(), "\\n"].join(""))',
      );
      delete process.env['FIREBREAK_TEST_SECRET'];
      assert.ok('bytes' in ended);
      assert.match(ended.bytes.toString(), /^input LANG,(?:OLDPWD,)?PATH(?:,PWD)?(?:,_)?\n$/);
      for (const folder of ['/dev/shm', '/tmp'])
        assert.deepEqual(
          (await readdir(folder).catch(() => [])).filter((name) => /^firebreak-[0-9a-f]{32}$/.test(name)),
          [],
        );
    });
  });

  describe('redacts', () => {
    it('so that the pixels of the regions are gone and all others stay, in full size, without metadata', async () => {
      const regions = [
        { x: 0, y: 0, width: 0.25, height: 0.25 },
        { x: 0.9, y: 0.9, width: 0.5, height: 0.5 },
      ];
      const png = await picture(2_000, 1_000)
        .withExif({ IFD0: { Make: 'Maker' } })
        .png()
        .toBuffer();
      const { bytes, facts } = await made(png, { type: 'image/png', redact: regions });
      assert.deepEqual([facts.width, facts.height], [2_000, 1_000]);
      const shown = await sharp(bytes).metadata();
      assert.deepEqual([shown.width, shown.height, shown.exif], [2_000, 1_000, undefined]);
      assert.equal(await pixel(bytes, 100, 100), 'black');
      assert.equal(await pixel(bytes, 495, 245), 'black');
      assert.equal(await pixel(bytes, 520, 270), 'red');
      assert.equal(await pixel(bytes, 1_990, 990), 'black');
    });

    it('what is hidden under transparency too', async () => {
      const hidden = await transparent(64, 64);
      const { bytes } = await made(hidden, { type: 'image/png', redact: [{ x: 0, y: 0, width: 0.1, height: 0.1 }] });
      assert.equal(await pixel(bytes, 50, 50), 'white');
    });

    it('a turned photograph as people see it, HEIC, and the first page of a PDF in print quality', async () => {
      const region = [{ x: 0.5, y: 0, width: 0.5, height: 0.5 }];
      const turned = await made(await photo(), { type: 'image/jpeg', redact: region });
      assert.equal(await pixel(turned.bytes, 280, 10), 'black');
      assert.equal(await pixel(turned.bytes, 10, 390), 'red');
      await made(HEIC, { type: 'image/heic', redact: region });
      const page = await made(pdfOf(), { type: 'application/pdf', redact: region });
      assert.deepEqual([page.facts.width, page.facts.height], [1_652, 2_338]);
      assert.equal(await pixel(page.bytes, 1_600, 20), 'black');
    });
  });
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const transparent = async (width: number, height: number): Promise<Buffer> =>
  sharp(await picture(width, height).jpeg().toBuffer())
    .ensureAlpha(0)
    .png()
    .toBuffer();

async function pixel(image: Buffer, left: number, top: number): Promise<string> {
  const [r = 0, g = 0, b = 0] = await sharp(image).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  if (r > 230 && g > 230) return 'white';
  if (r > 120) return 'red';
  return b > 120 ? 'blue' : r + g + b < 30 ? 'black' : `${r},${g},${b}`;
}
