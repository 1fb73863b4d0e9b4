/**
 * The architecture as rules. MAY_IMPORT is the one table of layers (ARCHITECTURE.md shows it as a picture): a folder of src
 * may import itself and the folders, or single files, named here. Type imports count.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const ENGINE = ['lib', 'config', 'formats', 'gpu', 'retrieval', 'kernels', 'models', 'env', 'rl', 'trainer'];

const MAY_IMPORT = {
  lib: [],
  config: ['lib'],
  formats: ['config', 'lib'],
  gpu: ['lib'],
  retrieval: ['lib'],
  kernels: ['gpu', 'lib'],
  models: ['kernels', 'gpu', 'formats', 'lib'],
  env: ['retrieval', 'config', 'lib'],
  rl: ['models', 'kernels', 'gpu', 'env', 'retrieval', 'config', 'lib'],
  trainer: ['rl', 'models', 'env', 'retrieval', 'gpu', 'formats', 'rollouts', 'config', 'lib', 'kernels/includes.ts'],
  report: ['config', 'lib'],
  rollouts: ['lib'],
  store: ['formats', 'rollouts', 'config', 'lib', 'trainer/protocol.ts', 'trainer/client.ts'],
  ui: ['store', 'config', 'lib'],
  cli: [...ENGINE, 'report', 'rollouts', 'testing', 'store/archive.ts', 'store/capsule.ts', 'store/capsule-file.ts'],
  testing: [...ENGINE, 'report', 'rollouts', 'store', 'ui', 'cli'],
};

const TEST = '[.]test[.]tsx?$';
const folders = readdirSync(join(__dirname, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const strangers = folders.map((entry) => entry.name).filter((name) => !(name in MAY_IMPORT));
if (strangers.length > 0) {
  throw new Error(`src/${strangers.join(', src/')} is missing from MAY_IMPORT in .dependency-cruiser.cjs`);
}

const escaped = (text) => text.replaceAll('.', '[.]');
/** Matches files of the named folders and the named single files. */
const within = (names) =>
  `^src/(${names.map((name) => (name.includes('.') ? `${escaped(name)}$` : `${name}/`)).join('|')})`;

const REFERENCE = '[.]reference[.]ts$';

/** Each row once for plain files, once for tests (src/testing besides) and once for references (other references besides). */
const layerRules = Object.entries(MAY_IMPORT).flatMap(([layer, allowed]) => {
  const inside = within([layer, ...allowed]);
  const rule = (name, from, pathNot) => ({ name, severity: 'error', from, to: { path: '^src/', pathNot } });
  return [
    rule(`layer-${layer}`, { path: `^src/${layer}/`, pathNot: `${TEST}|${REFERENCE}` }, inside),
    rule(`layer-${layer}-tests`, { path: `^src/${layer}/.*${TEST}` }, `${inside}|^src/testing/|${REFERENCE}`),
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
      to: { path: '^src/', pathNot: within(['ui', 'store', 'config', 'lib']) },
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
      name: 'references-only-in-tests-and-verify',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: `${REFERENCE}|${TEST}|^src/testing/|^src/cli/verify` },
      to: { path: REFERENCE },
    },
    {
      name: 'react-only-in-ui',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/(ui/|main[.]tsx$)' },
      to: { path: 'node_modules/(@types/)?(react|react-dom|recharts)/' },
    },
    {
      name: 'dawn-only-in-node-gpu',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/node-gpu[.]ts$' },
      to: { path: 'node_modules/webgpu/' },
    },
    {
      name: 'engine-runs-in-a-browser',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(cli|testing)/|^src/config/flags[.]ts$|${TEST}` },
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
