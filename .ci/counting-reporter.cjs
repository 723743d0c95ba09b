// Mocha's own spec report, and beside it one line `passes failures` in the file that TEST_COUNTS names.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.TEST_COUNTS, `${passes} ${failures}\n`);
    });
  }
};
