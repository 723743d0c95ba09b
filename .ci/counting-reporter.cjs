// Mocha's own spec report, the files that took longest, and beside it, in the file that TEST_COUNTS names, one line
// `passes failures` and what failed, with why.
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters } = require('mocha');

const SLOWEST = 20;

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const took = new Map();
    let since = Date.now();
    runner.on('fail', (test, error) => failed.push(`${test.fullTitle()}\n${error.stack ?? error}\n`));
    runner.on('suite end', (suite) => {
      if (!suite.parent?.root) return;
      const file = relative(process.cwd(), suite.file ?? '');
      took.set(file, (took.get(file) ?? 0) + Date.now() - since);
      since = Date.now();
    });
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.TEST_COUNTS, [`${passes} ${failures}`, ...failed, ''].join('\n'));
      const slowest = [...took].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
      for (const [file, ms] of slowest) console.log(`  ${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
    });
  }
};
