// Mocha's own spec report, and beside it, in the file that TEST_COUNTS names, one line `passes failures` and what failed, with why.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on('fail', (test, error) => failed.push(`${test.fullTitle()}\n${error.stack ?? error}\n`));
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.TEST_COUNTS, [`${passes} ${failures}`, ...failed, ''].join('\n'));
    });
  }
};
