import assert from 'node:assert/strict';
import { Solo } from '../../src/embedded/solo.js';

describe('embedded store: who asks alone', () => {
  it('is whoever was the only one for a tenth of a second, until somebody else asks', () => {
    let now = 5_000;
    const solo = new Solo(() => now);
    const asks = (connection: number, after: number) => {
      now += after;
      solo.heard(connection);
      return solo.isAlone;
    };
    assert.equal(asks(1, 0), false);
    assert.equal(asks(1, 90), false);
    assert.equal(asks(1, 20), true);
    assert.equal(asks(2, 0), false);
    assert.equal(asks(1, 50), false);
    assert.equal(asks(2, 90), false, 'two in turn are not alone, however long');
    assert.equal(asks(2, 101), true);
  });

  it('stays awake for a moment after an answer, and then lets the thread sleep', async () => {
    let now = 5_000;
    let looks = 0;
    const solo = new Solo(() => {
      looks += 1;
      return now;
    });
    const turns = async (count: number) => {
      const before = looks;
      for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
      return looks - before;
    };
    solo.heard(1);
    solo.answered();
    assert.equal(await turns(5), 0, 'not beside others');
    now += 200;
    solo.answered();
    assert.ok((await turns(5)) >= 4);
    now += 1;
    await turns(1);
    assert.equal(await turns(5), 0);
  });
});
