import assert from 'node:assert/strict';
import { parseOptions } from '@node-rs/argon2';
import { COST, makePasswords, NOBODY, requireGoodPassword } from '../../src/identity/password.js';

describe('passwords', () => {
  const passwords = makePasswords();

  it('are hashed with argon2id, 32 MiB, two passes, and no two hashes are alike', async () => {
    const [one, two] = await Promise.all([
      passwords.hash('lantern quarry heron'),
      passwords.hash('lantern quarry heron'),
    ]);
    assert.match(one, /^\$argon2id\$v=19\$m=32768,t=2,p=1\$/);
    assert.notEqual(one, two);
  });

  it('are checked at the same cost when there is nobody to check against', async () => {
    assert.deepEqual(parseOptions(NOBODY), parseOptions(await passwords.hash('lantern quarry heron')));
    assert.equal(await passwords.matches(undefined, 'lantern quarry heron'), false);
  });

  it('cost no less than the least of OWASP’s Password Storage Cheat Sheet: 19 MiB and two passes', () => {
    assert.ok(COST.memoryCost >= 19_456 && COST.timeCost >= 2);
  });

  it('are each hashed once to be compared, whether there is anybody or not', async () => {
    const before = passwords.computed;
    await passwords.matches(undefined, 'lantern quarry heron');
    await passwords.matches(NOBODY, 'lantern quarry heron');
    assert.equal(passwords.computed, before + 2);
  });

  it('match in every Unicode form', async () => {
    const hash = await passwords.hash('Ｆull wïdth läntern'.normalize('NFD'));
    assert.equal(await passwords.matches(hash, 'Ｆull wïdth läntern'.normalize('NFC')), true);
    assert.equal(await passwords.matches(hash, 'Ｆull wïdth läntErn'), false);
  });

  for (const good of [
    'correct horse battery staple',
    '红灯笼与采石场的苍鹭一起飞',
    'x7#kQ2$vL9@w',
    `long ${'pass '.repeat(45)}phrase`,
  ])
    it(`may be ${good.slice(0, 24)}`, () => requireGoodPassword(good, 'li@example.com'));

  it('are judged quickly, however they are made', async () => {
    await requireGoodPassword('lantern quarry heron', 'li@example.com'); // loads the list
    for (const slow of ['a1'.repeat(128), '(4@8({[</369&#!|1/0$5+7%2'.repeat(10), 'abcdefghijkl'.repeat(21)]) {
      const begun = process.cpuUsage();
      await requireGoodPassword(slow, 'li@example.com').catch(() => undefined);
      const { user } = process.cpuUsage(begun); // of this process, however busy the machine is with others
      assert.ok(user < 1_000_000, `${slow.slice(0, 10)} took ${user} µs of a processor`);
    }
  });
});
