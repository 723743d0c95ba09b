import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import request from 'supertest';
import { openBrowser } from '../support/browser.js';
import { hugePng, pdfOf, photo, picture, video } from '../support/samples.js';
import { zipOf } from '../support/zip.js';
import { CASE, type EvidenceWorld, evidenceWorld, OWNER, sha256, workOff } from './support.js';

/** Would ask for an address of its own if anything ran it. */
const SCRIPT = '<script>fetch("/ran");document.title="ran";location="/ran"</script>';
const HTML = `<!doctype html><body onload="fetch('/ran')">${SCRIPT}`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="fetch('/ran')">${SCRIPT.replaceAll('&', '&amp;')}</svg>`;

interface Hostile {
  readonly name: string;
  readonly bytes: Buffer;
  /** What it may be shown as; undefined: not at all. */
  readonly form?: 'image' | 'text' | 'mail' | 'archive';
}

describe('hostile files', function () {
  this.timeout(300_000); // Chromium may have to be installed first
  let world: EvidenceWorld;
  let server: Server;
  let browser: Browser;
  let ran = 0;
  let url = '';
  before(async () => {
    world = await evidenceWorld({ PREVIEW_TIMEOUT_MS: '60000' });
    server = createServer((call, answer) => {
      if (call.url === '/ran') ran += 1;
      world.app(call, answer);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await world?.kernel.close();
  });

  const path = (evidenceId: string, rest: string) => `/api/cases/${CASE}/evidence/${evidenceId}${rest}`;
  const upload = (bytes: Buffer, name = 'file') =>
    request(url).post(`/api/cases/${CASE}/evidence`).attach('evidence', bytes, { filename: name });
  const list = async () => {
    world.as(OWNER);
    const { body } = await request(url).get(`/api/cases/${CASE}/evidence`).expect(200);
    return body.evidence as { evidenceId: string; name: string; type: string; preview: { form: string | null } }[];
  };

  /** A browser is led to every preview, as a link in a mail would lead it. */
  async function lookWithBrowser(ids: Iterable<string>): Promise<void> {
    const page = await browser.newPage();
    for (const evidenceId of ids)
      for (const rest of ['/preview/image', '/preview/content']) {
        await page.goto(`${url}${path(evidenceId, rest)}`);
        assert.notEqual(await page.title(), 'ran');
      }
    await page.close();
  }

  it('are stored whole or refused; nothing in them runs, nothing leaves its folder, and we stay up', async () => {
    const gif = video('gif');
    const jpeg = await photo();
    const zip = zipOf([{ name: 'x.html', content: Buffer.from(HTML) }]);
    const files: Hostile[] = [
      { name: 'HTML', bytes: Buffer.from(HTML) },
      { name: 'SVG', bytes: Buffer.from(SVG) },
      { name: 'XML with SVG', bytes: Buffer.from(`<?xml version="1.0"?><!-- x -->${SVG}`) },
      { name: 'PDF with script', bytes: pdfOf({ script: 'app.launchURL("http://127.0.0.1/ran")' }), form: 'image' },
      { name: 'JPEG and ZIP', bytes: Buffer.concat([jpeg, zip]), form: 'image' },
      { name: 'JPEG and HTML', bytes: Buffer.concat([jpeg, Buffer.from(HTML)]), form: 'image' },
      {
        name: 'PNG and HTML',
        bytes: Buffer.concat([await picture().png().toBuffer(), Buffer.from(HTML)]),
        form: 'image',
      },
      {
        name: 'GIF and script',
        bytes: Buffer.concat([gif, Buffer.from(`*/=1;fetch("/ran")//${HTML}`)]),
        form: 'image',
      },
      { name: 'PDF and HTML', bytes: Buffer.concat([pdfOf(), Buffer.from(HTML)]), form: 'image' },
      { name: 'ZIP and PDF', bytes: Buffer.concat([pdfOf(), zip]), form: 'image' },
      {
        name: 'mail with HTML',
        bytes: Buffer.from(`From: a@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n${HTML}`),
        form: 'mail',
      },
      { name: 'text with HTML', bytes: Buffer.from(`He wrote:\n${HTML}`), form: 'text' },
      { name: '16,000 pixels square', bytes: await hugePng() },
      { name: 'a bomb', bytes: zipOf([{ name: 'zeros', content: Buffer.alloc(80_000_000) }]), form: 'archive' },
      {
        name: 'a bomb in a PNG',
        bytes: zipOf([{ name: 'x', content: Buffer.alloc(1_000) }], { overlap: true }),
        form: 'archive',
      },
    ];
    const folder = (await readdir(world.kernel.folder)).toSorted();
    const taken = new Map<string, Hostile>();
    for (const file of files) {
      const answer = await upload(file.bytes, 'file.bin');
      if (answer.status !== 201)
        assert.ok(answer.status < 500 && answer.status >= 400, `${file.name}: ${answer.status}`);
      else taken.set(answer.body.evidence[0].evidenceId, file);
    }
    await workOff(world, 'preview-evidence');
    for (const { evidenceId, type, preview } of await list()) {
      const file = taken.get(evidenceId);
      assert.equal(preview.form, file?.form ?? null, `${file?.name} (${type})`);
      const whole = await request(url).post(path(evidenceId, '/downloads')).send({}).buffer(true).expect(200);
      assert.equal(sha256(whole.body), sha256(file?.bytes ?? Buffer.alloc(0)), file?.name);
      assert.equal(whole.headers['content-type'], 'application/octet-stream');
      const image = await request(url).get(path(evidenceId, '/preview/image'));
      if (image.status === 200) assert.equal(image.headers['content-type'], 'image/jpeg', file?.name);
      else assert.equal(image.status, 404, file?.name);
    }
    await lookWithBrowser(taken.keys());
    assert.equal(ran, 0, 'something ran');
    assert.deepEqual((await readdir(world.kernel.folder)).toSorted(), folder);
    await request(url).get(`/api/cases/${CASE}/evidence`).expect(200);
  });

  it('have names that are labels and nothing else', async () => {
    const names: [given: string, kept: string | number][] = [
      ['../../etc/passwd', 'passwd'],
      ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
      ['/etc/shadow', 'shadow'],
      ['x'.repeat(300), 'x'.repeat(300)],
      ['名'.repeat(300), 422],
      ['invoice\u202egnp.exe', 'invoice\u202egnp.exe'],
      ['con', 'con'],
      ['.htaccess', '.htaccess'],
      ['a;b=c"d', 'a;b=c"d'],
      ['<img src=x onerror=alert(1)>.png', '<img src=x onerror=alert(1)>.png'],
    ];
    const before = await world.files();
    for (const [given, kept] of names) {
      const answer = await upload(Buffer.from(`named ${given}`), given);
      if (typeof kept === 'number') assert.deepEqual([answer.status, answer.body.code], [kept, 'file_name_too_long']);
      else assert.equal(answer.body.evidence?.[0]?.name, kept, JSON.stringify(answer.body));
    }
    const raw = (parameter: string) =>
      request(url)
        .post(`/api/cases/${CASE}/evidence`)
        .set('Content-Type', 'multipart/form-data; boundary=cut')
        .send(`--cut\r\nContent-Disposition: form-data; name="evidence"; ${parameter}\r\n\r\nnul\r\n--cut--\r\n`);
    await raw('filename="a\0.png"').expect(400);
    const kept = await raw("filename*=utf-8''a%00.png").expect(201);
    assert.equal(kept.body.evidence[0].name, 'a\0.png');
    const files = await world.files();
    assert.equal(files.length, before.length + names.length);
    assert.ok(files.every((name) => /^[0-9a-f]{64}$/.test(name)));
    for (const { evidenceId } of (await list()).slice(-names.length)) {
      const { headers } = await request(url).post(path(evidenceId, '/downloads')).send({}).expect(200);
      assert.match(
        String(headers['content-disposition']),
        /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%~!-]+$/,
      );
    }
  });
});
