// The one-way rule: main, worker, cli -> app -> context -> features -> workflow, audit, access -> kernel. No circles.
// Type-only imports count too: they couple rooms just as well. `npm run imports` checks it, and the test command with it.

/** Reading order is reaching order: a feature may reach those after it, never those before it. */
const FEATURES = ['reports', 'cases', 'evidence', 'accounts', 'identity'];
const FLOORS = ['workflow', 'audit', 'access'];
const PROCESSES = ['main', 'worker', 'cli'];
const DECODERS = ['sharp', '@embedpdf/pdfium', 'libheif-js', 'exifreader', 'yauzl', 'mailparser', 'html-to-text'];
const ASSEMBLY = ['app', 'context', 'routes', 'jobs', 'checks'];

const anyOf = (names) => `(${names.join('|')})`;
const room = (...names) => `^src/${anyOf(names)}/`;
const file = (...names) => `^src/${anyOf(names)}\\.ts$`;
const inside = (...names) => `^src/${anyOf(names)}/(?!index\\.ts$)`;
const top = (...names) => `^src/${anyOf(names)}(\\.ts|/)`;

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid('no-circles', 'Two files that need each other are one idea in the wrong two files.', {}, { circular: true }),
    forbid('resolvable', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
    forbid(
      'declared',
      'What the product runs on stands in package.json under dependencies.',
      { path: '^src/', pathNot: room('bench', 'web') }, // measuring needs what developing needs; pages are bundled
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),

    forbid(
      'kernel-knows-nothing',
      'The kernel is the ground.',
      { path: room('kernel') },
      { path: '^src/', pathNot: room('kernel') },
    ),
    ...FLOORS.map((floor) =>
      forbid(
        `${floor}-stands-on-kernel`,
        'A floor knows the kernel and no feature, nor another floor; what checks proofs is below all of them.',
        { path: room(floor) },
        { path: '^src/', pathNot: room(floor, 'kernel', 'proof') },
      ),
    ),
    forbid(
      'floors-by-their-door',
      'What features stand on is reached through its index.ts.',
      { path: '^src/', pathNot: room(...FLOORS) },
      { path: inside(...FLOORS) },
    ),

    ...FEATURES.map((feature, place) =>
      forbid(
        `${feature}-one-way`,
        `reports -> cases -> evidence -> accounts -> identity; ${feature} reaches only those after it, the floors, the kernel and the form of proofs.`,
        { path: room(feature) },
        { path: '^src/', pathNot: room(...FEATURES.slice(place), ...FLOORS, 'kernel', 'proof') },
      ),
    ),
    ...[...FEATURES, 'notices'].map((feature) =>
      forbid(
        `${feature}-by-its-door`,
        'Only index.ts is for others.',
        { path: '^src/', pathNot: room(feature) },
        { path: inside(feature) },
      ),
    ),
    forbid(
      'notices-imports-no-feature',
      'Notices consume jobs; who wants a mail enqueues one.',
      { path: room('notices') },
      { path: '^src/', pathNot: room('notices', 'kernel') },
    ),

    forbid(
      'decoders-in-their-process',
      'What decodes hostile bytes runs in a process that may die of them, and takes no memory in one that serves.',
      { path: '^src/', pathNot: '^src/(evidence/previewer|bench)/' },
      { path: `node_modules/${anyOf(DECODERS)}/` },
    ),
    forbid(
      'previewer-knows-nothing',
      'The preview process has no store, no secrets and no configuration; it shares words with the rest and no more.',
      { path: '^src/evidence/previewer/' },
      { path: '^src/', pathNot: '^src/evidence/(previewer/|words\\.ts$)' },
    ),

    forbid(
      'standing-alone',
      'The embedded store, the simulator and what checks proofs know nothing of Firebreak, and can be taken out whole.',
      { path: '^src/(embedded|simulator|proof)/' },
      { path: '^src/', pathNot: '^src/$1/' },
    ),
    forbid(
      'witness-stands-alone',
      'A witness is run by somebody else: it knows how to check a proof and nothing of Firebreak.',
      { path: room('witness') },
      { path: '^src/', pathNot: room('witness', 'proof') },
    ),
    forbid(
      'pages-stand-alone',
      'A page knows the API, and how to check a proof.',
      { path: room('web') },
      { path: '^src/', pathNot: room('web', 'proof') },
    ),
    forbid(
      'proof-by-its-doors',
      'index.ts is for all, node.ts and open-path.ts for what runs in Node.',
      { path: '^src/', pathNot: room('proof') },
      { path: '^src/proof/(?!(index|node|open-path)\\.ts$)' },
    ),
    forbid(
      'proof-in-browsers',
      'What checks proofs runs in browsers too; only its Node side knows Node.',
      { path: room('proof'), pathNot: '^src/proof/(node|open-path)\\.ts$' },
      { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'embedded-by-its-door',
      'Only index.ts is for others.',
      { path: '^src/', pathNot: room('embedded') },
      { path: inside('embedded') },
    ),
    forbid(
      'nobody-imports-the-top',
      'A process is started, not imported.',
      { path: '^src/', pathNot: top('demo', 'bench', 'simulator', 'web') },
      { path: top(...PROCESSES, 'demo', 'bench', 'simulator', 'web') },
    ),
    forbid(
      'demo-and-bench-from-outside',
      'They drive processes as anybody would; only the exchange to play against is theirs to start.',
      { path: room('demo', 'bench') },
      { path: top(...PROCESSES, 'web') },
    ),
    forbid(
      'assembly-one-way',
      'app is what processes serve; context builds everything and serves nothing.',
      { path: file('context', 'routes', 'jobs', 'checks') },
      { path: file('app') },
    ),
    forbid(
      'lists-know-no-context',
      'The lists of routes and jobs are given to the context, not made by it.',
      { path: file('routes', 'jobs', 'checks', 'app') },
      { path: file('context') },
    ),
    forbid(
      'only-processes-assemble',
      'Rooms never reach up into what is built of them.',
      { path: '^src/[^/]+/', pathNot: room('demo', 'bench') },
      { path: file(...ASSEMBLY) },
    ),
  ],
  options: {
    parser: 'swc', // sees type-only imports; TypeScript 7 has no API for the default one
    exclude: { path: '^src/web/[^/]+/' }, // swc's parser here takes no JSX: the linter holds the rooms of the pages apart (biome.json)
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
