import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ContentInspector } from '../../src/evidence/inspect-content.js';
import { type Content, contradicts } from '../../src/evidence/words.js';

async function inspect(bytes: Uint8Array | string, chunk = 7): Promise<Content | undefined> {
  const all = Buffer.from(bytes as Uint8Array);
  const inspector = new ContentInspector();
  for (let at = 0; at < all.length; at += chunk) inspector.push(all.subarray(at, at + chunk));
  return inspector.conclude();
}

const typeOf = async (bytes: Uint8Array | string) => (await inspect(bytes))?.type;
const FILLER = Buffer.alloc(64, 0xf5); // no text in any charset
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const box = (type: string, brand: string) =>
  Buffer.concat([hex('00000018'), Buffer.from(type + brand), hex('00000000'), Buffer.from(`mif1${brand}`), FILLER]);

describe('what bytes are', () => {
  it('knows the types on the list by their bytes', async () => {
    assert.equal(
      await typeOf(
        Buffer.concat([hex('89504e470d0a1a0a 0000000d49484452 0000000100000001'), hex('0806000000'), FILLER]),
      ),
      'image/png',
    );
    assert.equal(await typeOf(Buffer.concat([hex('ffd8ffe000104a46494600010100'), FILLER])), 'image/jpeg');
    assert.equal(await typeOf(Buffer.concat([Buffer.from('RIFF\x24\0\0\0WEBPVP8 '), FILLER])), 'image/webp');
    assert.equal(await typeOf(Buffer.concat([Buffer.from('GIF89a'), hex('01000100800000'), FILLER])), 'image/gif');
    assert.equal(await typeOf(box('ftyp', 'heic')), 'image/heic');
    assert.equal(await typeOf(box('ftyp', 'isom')), 'video/mp4');
    assert.equal(
      await typeOf(Buffer.concat([hex('1a45dfa3 9f 4286810142f7810142f2810442f381084282847765626d'), FILLER])),
      'video/webm',
    );
    assert.equal(await typeOf('%PDF-1.7\n%âãÏÓ\n'), 'application/pdf');
    assert.equal(await typeOf(Buffer.concat([Buffer.from('PK\x03\x04'), FILLER])), 'application/zip');
  });

  it('knows kinds of text by what is in them', async () => {
    assert.equal(await typeOf('他们说是客服。'), 'text/plain');
    assert.equal(await typeOf('time,asset,amount\n1,BTC,0.5\n2,ETH,"1,5"\n'), 'text/csv');
    assert.equal(await typeOf('{"a":[1,2,{"b":null}]}\n'), 'application/json');
    assert.equal(await typeOf('{not json}'), 'text/plain');
    assert.equal(
      await typeOf('From: a@example.org\r\nSubject: your account\r\n folded\r\nDate: x\r\n\r\nHello'),
      'message/rfc822',
    );
    assert.equal(await typeOf(`${'['.repeat(50_000)}`), 'text/plain');
  });

  it('takes text in the charsets of Chinese spreadsheets and of Windows', async () => {
    const gbk = hex('cac7bcc6 2c b1d2d6d6 0a 31 2c 32 0a'); // two columns, GBK
    assert.deepEqual(await inspect(gbk), { type: 'text/csv', charset: 'gb18030' });
    const utf16 = Buffer.concat([hex('fffe'), Buffer.from('转账记录\n', 'utf16le')]);
    assert.deepEqual(await inspect(utf16, 3), { type: 'text/plain', charset: 'utf-16le' });
  });

  it('keeps active content opaque however it is dressed', async () => {
    const dressed = [
      '<html>',
      '\n\n<!DOCTYPE HTML PUBLIC "x">',
      '<!-- a --> <!-- b --><script>',
      '<?xml version="1.0"?><!-- c --><svg xmlns="x">',
      '\ufeff<svg/>',
      '<BODY onload=x>',
      '<a\nhref=x>',
    ];
    for (const text of dressed) assert.equal((await inspect(text))?.type, 'application/octet-stream', text);
    assert.equal((await inspect('a < b, and <html> in the middle'))?.type, 'text/plain');
  });

  it('reads the whole file before it calls it text', async () => {
    const tail = Buffer.concat([Buffer.from('a'.repeat(100_000)), hex('00')]);
    assert.equal(await inspect(tail, 4_096), undefined);
    const broken = Buffer.concat([Buffer.from('中'.repeat(40_000)), hex('ff')]);
    assert.equal(await inspect(broken, 4_096), undefined);
  });

  it('takes nothing else', async () => {
    const others = [
      randomBytes(2_000),
      Buffer.concat([Buffer.from('MZ'), randomBytes(500)]),
      Buffer.concat([hex('7f454c46 0201 0100'), randomBytes(500)]),
      Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0'), randomBytes(100)]),
      Buffer.from('text with a \0 in it'),
    ];
    for (const bytes of others) assert.equal(await typeOf(bytes), undefined);
  });
});

describe('a declared type', () => {
  const png: Content = { type: 'image/png' };
  it('is a claim that the bytes can contradict', () => {
    assert.equal(contradicts('image/png', png), false);
    assert.equal(contradicts('application/pdf', png), true);
    assert.equal(contradicts('text/html', { type: 'application/octet-stream', activeContent: 'html' }), false);
    assert.equal(contradicts('image/png', { type: 'application/octet-stream', activeContent: 'html' }), true);
    assert.equal(contradicts('text/plain', { type: 'text/csv' }), false);
  });
  it('says nothing when a browser does not know', () => {
    assert.equal(contradicts('application/octet-stream', png), false);
  });
});
