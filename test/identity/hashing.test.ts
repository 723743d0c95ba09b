import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hashAside } from '../../src/identity/hashing.js';
import { COST } from '../../src/identity/password.js';

const run = promisify(execFile);

describe('hashing aside', () => {
  it('answers each with its own, a refusal to who asked for nonsense only', async () => {
    const hash = String(await hashAside({ password: 'lantern quarry heron', cost: COST }));
    const compare = (password: string, against: string) => hashAside({ password, cost: COST, against });
    const nonsense = compare('x', 'no hash');
    const answers = [compare('lantern quarry heron', hash), compare('another', hash)];
    await assert.rejects(nonsense);
    assert.deepEqual(await Promise.all(answers), [true, false]);
  });

  it('leaves the thread that serves free', async () => {
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    await Promise.all(Array.from({ length: 10 }, () => hashAside({ password: 'x', cost: COST })));
    clearInterval(turning);
    assert.ok(turns > 3, `${turns} turns while ten passwords were hashed`);
  });

  it('keeps no process from ending', async () => {
    const entry = new URL('../../dist/identity/hashing.js', import.meta.url).href;
    const code = `import { hashAside } from '${entry}'; await hashAside({ password: 'x', cost: { memoryCost: 1024, timeCost: 1, parallelism: 1 } }); console.log('done');`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { timeout: 15_000 });
    assert.equal(stdout, 'done\n');
  });
});
