import assert from 'node:assert/strict';
import { attachment, decodeFileName } from '../../src/evidence/file-name.js';

const asParsersGiveIt = (name: string): string => Buffer.from(name, 'utf8').toString('latin1');

describe('a file name', () => {
  it('is decoded from the latin1 that parsers give, and left alone when it is none', () => {
    assert.equal(decodeFileName(asParsersGiveIt('截图 😱.png')), '截图 😱.png');
    assert.equal(decodeFileName('截图.png'), '截图.png');
    assert.equal(decodeFileName('caf\u00e9.png'), 'caf\u00e9.png');
    assert.equal(decodeFileName(asParsersGiveIt('\ufeffa\u202eb.txt')), '\ufeffa\u202eb.txt');
  });

  it('is a label without a path', () => {
    assert.equal(decodeFileName('../../etc/passwd'), 'passwd');
    assert.equal(decodeFileName('C:\\Users\\wei\\a.png'), 'a.png');
    assert.equal(decodeFileName('folder/'), 'unnamed');
  });

  it('goes into a header without anything that could break out of it or mislead', () => {
    const header = attachment('a"b\\c\r\nX: y\u0000\u202egnp.截图%41;=\u{e0001}.exe');
    assert.match(header, /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/);
    assert.ok(!/[\r\n\0]/.test(header));
    assert.ok(!decodeURIComponent(header.split("''")[1] ?? '').includes('\u202e'));
    assert.ok(!header.slice(0, header.indexOf('*')).includes('%'));
  });

  it('is never empty, hidden or a reserved path', () => {
    for (const name of ['', '..', '.bashrc', '\u202e']) assert.match(attachment(name), /filename="_[^"]*"/);
  });
});
