import assert from 'node:assert/strict';
import { search, type Tally } from './differential/compare.js';
import { replay } from './differential/corpus.js';
import { type Fixture, openFixture } from './support.js';

/**
 * The same random commands to the embedded store and to a full engine. Where an engine is there (MONGODB_URI) a few hundred
 * are sent to both; everywhere the store has to give the answers that were recorded when both agreed. `npm run differential`
 * sends as many as one likes.
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
    it('answers new commands as the engine does', async () => {
      const tally: Tally = await search({ ours: store.uri, theirs: engine, commands: 300, seed: 7 });
      assert.ok(tally.commands >= 300);
    });
});
