import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Hasher, hashAside, makeHashAside } from '../../src/identity/hashing.js';
import { COST } from '../../src/identity/password.js';

const run = promisify(execFile);
const ENTRY = new URL('../../dist/identity/hashing.js', import.meta.url).href;

/** What a process of its own prints. */
const output = async (code: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '-e', code], { timeout: 60_000 })).stdout;

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
    const code = `import { hashAside } from '${ENTRY}'; await hashAside({ password: 'x', cost: { memoryCost: 1024, timeCost: 1, parallelism: 1 } }); console.log('done');`;
    assert.equal(await output(code), 'done\n');
  });

  it('lets go of its threads when nobody has come for a while, and has them again', async () => {
    const code = `import { hashAside } from '${ENTRY}';
      import { readdirSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      const hash = () => hashAside({ password: 'x', cost: { memoryCost: 1024, timeCost: 1, parallelism: 1 } });
      const threads = () => readdirSync('/proc/self/task').length;
      const before = threads();
      await hash();
      const during = threads();
      while (threads() > before) await delay(20);
      console.log(during > before, typeof (await hash()));`;
    assert.equal(await output(code), 'true string\n');
  });

  it('hashes in time that nobody else wants, on Linux', async () => {
    const code = `import { hashAside } from '${ENTRY}';
      import { readdirSync, readFileSync } from 'node:fs';
      await hashAside({ password: 'x', cost: { memoryCost: 1024, timeCost: 1, parallelism: 1 } });
      const stats = readdirSync('/proc/self/task').map((thread) => readFileSync('/proc/self/task/' + thread + '/stat', 'latin1'));
      const policies = stats.map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]); // field 41, proc(5)
      console.log(policies.filter((policy) => policy === '5').length); // SCHED_IDLE`;
    assert.equal(await output(code), '1\n');
  });
});

describe('hashing where the cores have no time to spare', () => {
  const work = { password: 'x', cost: COST };

  /** Answers when it is told to. */
  function hasher({ canStarve }: { canStarve: boolean }) {
    const asked: { resolve(result: string): void; reject(error: Error): void }[] = [];
    let busy = 0;
    const made: Hasher = {
      get busy() {
        return busy > 0;
      },
      canStarve,
      hash: () => {
        busy += 1;
        return new Promise<string>((resolve, reject) => asked.push({ resolve, reject })).finally(() => {
          busy -= 1;
        });
      },
    };
    return { made, asked };
  }

  const PATIENCE_MS = 5;
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is done by the thread that has a share of them, and so is what comes next, until the other is through', async () => {
    const unseen = hasher({ canStarve: true });
    const yielding = hasher({ canStarve: true });
    const hash = makeHashAside(unseen.made, yielding.made, PATIENCE_MS);
    const first = hash(work);
    await until(() => yielding.asked.length === 1);
    yielding.asked[0]?.resolve('first');
    assert.equal(await first, 'first');
    const second = hash(work);
    yielding.asked[1]?.resolve('second');
    assert.equal(await second, 'second');
    assert.equal(unseen.asked.length, 1, 'who is not through was asked once more');
    unseen.asked[0]?.resolve('first');
    await until(() => !unseen.made.busy);
    const third = hash(work);
    unseen.asked[1]?.resolve('third');
    assert.equal(await third, 'third');
    assert.equal(yielding.asked.length, 2);
  });

  it('hears who was asked first when the second is the slower one', async () => {
    const unseen = hasher({ canStarve: true });
    const yielding = hasher({ canStarve: true });
    const answer = makeHashAside(unseen.made, yielding.made, PATIENCE_MS)(work);
    await until(() => yielding.asked.length === 1);
    unseen.asked[0]?.resolve('by the first');
    assert.equal(await answer, 'by the first');
  });

  it('asks one thread alone where it has a share', async () => {
    const unseen = hasher({ canStarve: false });
    const yielding = hasher({ canStarve: true });
    const answer = makeHashAside(unseen.made, yielding.made, 0)(work);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    await late;
    unseen.asked[0]?.resolve('by the first');
    assert.equal(await answer, 'by the first');
    assert.equal(yielding.asked.length, 0);
  });

  it('gives a refusal on at once', async () => {
    const unseen = hasher({ canStarve: true });
    const answer = makeHashAside(unseen.made, hasher({ canStarve: true }).made, 60_000)(work);
    unseen.asked[0]?.reject(new Error('no hash'));
    await assert.rejects(answer, /no hash/);
  });
});
