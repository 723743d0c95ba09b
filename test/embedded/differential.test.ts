import assert from 'node:assert/strict';
import { replay } from './differential/corpus.js';
import { type Fixture, openFixture } from './support.js';

/**
 * Random commands to which the embedded store and a full engine gave the same answers, recorded; the store has to give them
 * still, and so has the engine for a part of them where it is there (MONGODB_URI), which is slow. `npm run differential` sends new ones to both.
 */
describe('embedded store: beside a full engine', function () {
  this.timeout(120_000);
  let store: Fixture;
  before(async () => {
    store = await openFixture({ port: 0 });
  });
  after(() => store.close());

  it('answers what was recorded when the engine agreed', async () => {
    assert.ok((await replay(store.uri)) > 200);
  });

  const engine = process.env['MONGODB_URI'];
  if (engine)
    it('still has the engine agree', async () => {
      assert.ok((await replay(engine, { withContents: false, first: 4 })) > 40);
    });
});
