/**
 * The architecture as rules. MAY_IMPORT is the one table of layers (ARCHITECTURE.md shows it as a picture): a folder of src
 * may import itself and the folders, or single files, named here. A folder with rooms has a row for each of them, lowest first,
 * and one for the files that stand on top. Type imports count.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const ENGINE = ['lib', 'config', 'formats', 'gpu', 'retrieval', 'kernels', 'models', 'env', 'rl', 'trainer'];
const RL = ['models', 'kernels', 'gpu', 'env', 'retrieval', 'config', 'lib'];
const TRAINER = ['rl', 'models', 'env', 'retrieval', 'gpu', 'formats', 'rollouts', 'config', 'lib'];
const STORE = ['recordings', 'formats', 'rollouts', 'config', 'lib', 'trainer/protocol'];
const CASES = ['kernels', 'gpu', 'env', 'retrieval', 'lib'];
const CLI = [...ENGINE, 'selftest', 'doctor', 'node', 'report', 'rollouts', 'recordings', 'lessons', 'testing'];

const MAY_IMPORT = {
  lib: [],
  config: ['lib'],
  formats: ['config', 'lib'],
  gpu: ['lib'],
  retrieval: ['lib'],
  kernels: ['gpu', 'lib'],
  models: ['kernels', 'gpu', 'formats', 'lib'],
  env: ['retrieval', 'config', 'lib'],
  'rl/rollout': RL,
  'rl/learning': [...RL, 'rl/rollout'],
  'rl/measuring': [...RL, 'rl/rollout', 'rl/learning'],
  'selftest/bench': ['gpu', 'lib'],
  'selftest/launch': [...CASES, 'selftest/bench'],
  'selftest/cases': [...CASES, 'selftest/bench', 'selftest/launch'],
  selftest: CASES,
  doctor: [...RL, 'rl', 'formats', 'selftest'],
  'trainer/protocol': ['config', 'lib'],
  'trainer/state': [...TRAINER, 'trainer/protocol'],
  'trainer/desk': [...TRAINER, 'trainer/protocol', 'trainer/state'],
  'trainer/run': [...TRAINER, 'trainer/protocol', 'trainer/state', 'trainer/desk'],
  trainer: [...TRAINER, 'doctor', 'kernels/includes.ts'],
  report: ['config', 'lib'],
  'rollouts/text': ['lib'],
  'rollouts/reading': ['lib', 'rollouts/text'],
  'rollouts/writers': ['lib', 'rollouts/text', 'rollouts/reading'],
  'rollouts/containers': ['lib', 'rollouts/text', 'rollouts/reading'],
  'rollouts/file': ['lib', 'rollouts/text', 'rollouts/reading', 'rollouts/writers', 'rollouts/containers'],
  'rollouts/live': ['lib', 'rollouts/text', 'rollouts/reading'],
  'rollouts/follow': ['lib', 'rollouts/text', 'rollouts/containers', 'rollouts/file'],
  rollouts: ['lib'],
  recordings: ['config', 'lib', 'trainer/protocol'],
  lessons: ['recordings', 'config', 'lib', 'trainer/protocol', 'trainer/client.ts'],
  'store/state': [...STORE, 'lessons', 'trainer/client.ts'],
  'store/run': [...STORE, 'store/state'],
  'store/view': [...STORE, 'lessons/ids.ts', 'store/state', 'store/run'],
  'store/lab': [...STORE, 'store/state', 'store/run', 'store/view'],
  'store/files': [...STORE, 'store/state', 'store/run', 'store/view', 'store/lab', 'trainer/client.ts'],
  'store/lessons': [...STORE, 'lessons', 'store/state', 'store/run'],
  store: [...STORE, 'lessons', 'trainer/client.ts'],
  ui: ['store', 'lessons', 'recordings', 'config', 'lib'],
  node: ['env', 'gpu', 'config', 'lib'],
  'cli/files': CLI,
  'cli/run': [...CLI, 'cli/files'],
  'cli/verify': [...CLI, 'cli/files'],
  'cli/serve': [...CLI, 'cli/files'],
  'cli/targets': [...CLI, 'cli/files'],
  cli: CLI,
  'testing/kernels': [...ENGINE, 'selftest', 'node'],
  'testing/page': [...ENGINE, 'recordings', 'lessons', 'report', 'rollouts', 'store', 'ui'],
  'testing/engine': [...ENGINE, 'selftest', 'node', 'recordings', 'testing/kernels'],
  'testing/schemas': [],
};

const TEST = '[.]test[.]tsx?$';
const foldersOf = (path) =>
  readdirSync(join(__dirname, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
const withRooms = [...new Set(Object.keys(MAY_IMPORT).map((layer) => layer.split('/')))]
  .filter(([, room]) => room !== undefined)
  .map(([folder]) => folder);
/** Data, no code. */
const DATA = ['testing/golden', 'testing/transformers', 'rollouts/cases', 'rollouts/fixtures'];
const strangers = [
  ...foldersOf('src').filter((folder) => !(folder in MAY_IMPORT) && !withRooms.includes(folder)),
  ...[...new Set(withRooms)].flatMap((folder) => {
    return foldersOf(`src/${folder}`)
      .map((room) => `${folder}/${room}`)
      .filter((room) => !(room in MAY_IMPORT) && !DATA.includes(room));
  }),
];
if (strangers.length > 0) {
  throw new Error(`src/${strangers.join(', src/')} is missing from MAY_IMPORT in .dependency-cruiser.cjs`);
}

const escaped = (text) => text.replaceAll('.', '[.]');
/** Matches files of the named folders and the named single files. */
const within = (names) =>
  `^src/(${names.map((name) => (name.includes('.') ? `${escaped(name)}$` : `${name}/`)).join('|')})`;

const REFERENCE = '[.]reference[.]ts$';

/**
 * Each row once for plain files, once for tests and once for references (other references besides). Tests may use src/testing and
 * src/selftest, the device of src/node, and the rooms above their own in the same folder: they play the whole of it.
 */
const layerRules = Object.entries(MAY_IMPORT).flatMap(([layer, allowed]) => {
  const [folder] = layer.split('/');
  const inside = within([layer, ...allowed]);
  const files = layer === folder && withRooms.includes(folder) ? `^src/${layer}/[^/]+$` : `^src/${layer}/`;
  const rule = (name, from, pathNot) => ({ name, severity: 'error', from, to: { path: '^src/', pathNot } });
  return [
    rule(`layer-${layer}`, { path: files, pathNot: `${TEST}|${REFERENCE}` }, inside),
    rule(
      `layer-${layer}-tests`,
      { path: `${files.replace(/\[\^\/\]\+\$$/, '[^/]+')}.*${TEST}` },
      `${inside}|${within([folder, 'selftest', 'testing', 'node', ...(MAY_IMPORT[folder] ?? [])])}|${REFERENCE}`,
    ),
    rule(`layer-${layer}-references`, { path: `^src/${layer}/.*${REFERENCE}` }, `${inside}|${REFERENCE}`),
  ];
});

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'layer-main',
      severity: 'error',
      from: { path: '^src/main[.]tsx$' },
      to: { path: '^src/', pathNot: within(['ui', 'store', 'recordings', 'config', 'lib']) },
    },
    {
      name: 'layer-bench',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: within(['ui', 'store', 'main.tsx']) },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'testing-only-from-tests-and-cli',
      severity: 'error',
      from: { pathNot: `^src/(testing|cli)/|${TEST}|^e2e/` },
      to: { path: '^src/testing/' },
    },
    {
      name: 'resolvable',
      comment: 'The packages of bench/src/peers are installed by `npm run bench` alone.',
      severity: 'error',
      from: { pathNot: '^bench/src/peers/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'shaders-only-from-kernels',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(kernels|testing)/|${TEST}` },
      to: { path: '^shaders/' },
    },
    {
      name: 'worker-only-by-url',
      comment:
        'An import would run the engine in the page; client.ts and open-file.ts take its address alone (?worker&url) and start it beside.',
      severity: 'error',
      from: { pathNot: '^src/trainer/client[.]ts$' },
      to: { path: '^src/trainer/worker[.]ts$' },
    },
    {
      name: 'references-only-in-tests-selftest-and-verify',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: `${REFERENCE}|${TEST}|^src/(testing|selftest)/|^src/cli/verify/` },
      to: { path: REFERENCE },
    },
    {
      name: 'react-only-in-ui',
      comment: 'And where tests draw a panel.',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/(ui/|testing/page/|main[.]tsx$)' },
      to: { path: 'node_modules/(@types/)?(react|react-dom|recharts)/' },
    },
    {
      name: 'zustand-only-in-store-and-ui',
      comment: 'Engine and recordings serve the command line too.',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/(store|ui)/' },
      to: { path: 'node_modules/zustand/' },
    },
    {
      name: 'dawn-only-in-node-gpu',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/node/node-gpu[.]ts$' },
      to: { path: 'node_modules/webgpu/' },
    },
    {
      name: 'engine-runs-in-a-browser',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(cli|node|testing)/|^src/config/flags[.]ts$|${TEST}` },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.wgsl'] },
  },
};
