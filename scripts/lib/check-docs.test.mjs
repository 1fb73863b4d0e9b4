import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge, readDocuments } from './check-docs.mjs';
import { readProgram } from './documents/program.mjs';
import { readDocument } from './documents/read-document.mjs';
import { ROOT } from './paths.mjs';

const PLANTED = 'docs/planted.md';
const METRICS = 'docs/metrics.md';

let program;
let documents;
beforeAll(async () => {
  program = await readProgram();
  documents = readDocuments(program);
});

/** What is said of a document beside the real ones, or in place of the one of its name. */
function problemsOf(markdown, path = PLANTED) {
  const others = documents.filter((document) => document.path !== path);
  return judge([...others, readDocument(path, markdown)], program)
    .output.split('\n')
    .filter(Boolean);
}

const sh = (...lines) => ['```sh', ...lines, '```'].join('\n');

const WRONG = [
  ['a file', '`src/config/setings.ts`', 'there is no src/config/setings.ts'],
  ['a folder', '`src/configs`', 'there is no src/configs'],
  ['a source file by its name alone', '`grpoo.ts`', 'there is no grpoo.ts in any folder'],
  ['a file that a placeholder stands for', '`src/kernels/OP/OP.tests.ts`', 'there is no src/kernels/OP/OP.tests.ts'],
  ['a path beside the document', '`adr/0100-none.md`', 'there is no adr/0100-none.md'],
  ['a path in a tree', '```\nsrc/configs/   settings\n```', 'there is no src/configs/'],
  ['a link', '[method](methods.md)', 'the link leads to docs/methods.md, which is not there'],
  ['a picture', '![Studio](studio.jpg)', 'the link leads to docs/studio.jpg, which is not there'],
  ['a link of HTML', '<img src="studio.jpg" />', 'the link leads to docs/studio.jpg, which is not there'],
  ['an anchor', '[method](method.md#10-nothing)', 'docs/method.md has no heading #10-nothing'],
  ['an anchor of its own', '[below](#below)', 'docs/planted.md has no heading #below'],
  ['an npm script', '`npm run chek`', 'package.json has no script chek, did you mean check?'],
  ['an npm script without run', sh('npm bench'), 'npm has no command bench: npm run bench'],
  [
    'flags that npm keeps',
    '`npm run bench --quick`',
    'npm keeps flags to itself that do not stand behind a lone --: --quick',
  ],
  ['a script', sh('node scripts/larger-file.mjs'), 'there is no scripts/larger-file.mjs'],
  ['a command of the launcher', sh('node scripts/cli.mjs reports'), 'scripts/cli.mjs has no command reports'],
  ['a tool', sh('npx vitess run'), 'no package of this project has a command vitess'],
  ['a flag', sh('npm run experiment -- --update 3'), 'npm run experiment has no --update, did you mean updates?'],
  ['a flag of another command', sh('npm run pretrain -- --updates 3'), 'npm run pretrain has no --updates'],
  ['a flag in a sentence', '`--final-question N`', 'no command has --final-question, did you mean final-questions?'],
  ['a setting', sh('npm run profile -- --set sise=small'), 'there is no setting sise, did you mean size?'],
  [
    'a value of a setting',
    sh('npm run profile -- --set size=smal'),
    'size must be one of tiny, small, base, large, not "smal"',
  ],
  ['a setting in a sentence', '`groupSise`', 'there is no groupSise in the program, did you mean groupSize?'],
  ['a plain setting in a sentence', '`noisse`', 'there is no noisse in the program, did you mean noise?'],
  ['a setting with its value', '`groupSize=100`', 'groupSize must be an integer from 2 to 32, not "100"'],
  ['a setting beside its value', '`process of`', 'process must be one of'],
  ['a default', '`groupSize` (9)', 'the default of groupSize is 8'],
  ['a setting of a link', '`#v1&preset=search-r2&maxHops=9`', 'maxHops must be an integer from 1 to 4, not "9"'],
  ['a preset', sh('npm run experiment -- --preset search-r3'), 'there is no preset search-r3, did you mean search-r2?'],
  ['a preset in a sentence', '`serach-r2`', 'there is no serach-r2 in the program, did you mean search-r2?'],
  ['a world', sh('npm run pretrain -- --world microwki'), 'world must be one of microwiki, atlas, not "microwki"'],
  ['a metric', '`emFinall`', 'there is no emFinall in the program, did you mean emFinal?'],
  ['a metric in a formula', '`emFinall - emDraft`', 'there is no emFinall in the program'],
  [
    'an environment variable',
    '`CUTPOINT_ADAPTOR=gpu`',
    'nothing reads CUTPOINT_ADAPTOR, did you mean CUTPOINT_ADAPTER?',
  ],
  ['an environment variable of a command', sh('CUTPOINT_ADAPTOR=gpu npm test'), 'nothing reads CUTPOINT_ADAPTOR'],
];

describe('the check of documents', () => {
  it('finds nothing wrong with those that are there', () => {
    expect(judge(documents, program)).toEqual({ fine: true, note: `${documents.length} documents`, output: '' });
  });

  it.each(WRONG)('says what is wrong with %s, with document and line', (_, markdown, problem) => {
    const line = markdown.startsWith('```') ? 4 : 3;
    const problems = problemsOf(`# Planted\n\n${markdown}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${PLANTED}:${line}: ${problem}`);
  });

  it('takes what is there, what a person makes and what is written in capitals for a person to fill in', () => {
    const good = [
      '# Good',
      '`src/config/settings.ts`, `config/settings.ts`, `settings.ts`, `src/kernels/OP/OP.test.ts`, `*.reference.ts`, `docs/`',
      '`runs/first`, `mine.tsv`, `dist/`, `STUDY/ARM/seed-N`, `.tsv`, `cutpoint-run/1`, `bench/node_modules`',
      '[method](method.md#7-warm-start), [top](#good), [root](../README.md), [paper](https://arxiv.org/abs/2602.03647)',
      '`npm test`, `npm ci`, `npm run`, `npm run experiment -- --preset search-r2 --set KEY=VALUE`, `--set groupSize=16`, `--out DIR`',
      '`groupSize` (8), `process off`, `embed=1`, `emHop3Greedy`, `cutShare0` .. `cutShare5`, `CUTPOINT_ADAPTER=gpu|llvmpipe`',
      sh('# a comment', 'JOBS=4 examples/parallel.sh && npm run report -- runs/study \\', '  --out report   # --none'),
      ['```console', '$ npm run check', 'pass  documents --none', '```'].join('\n'),
      ['```json', '{ "anything": "at all" }', '```'].join('\n'),
    ];
    expect(problemsOf(good.join('\n\n'))).toEqual([]);
  });

  it('asks of history only that its links lead somewhere', () => {
    const markdown = '# Then\n\n`src/gone.ts` and `npm run gone`\n\n[gone](gone.md)\n';
    const problem = 'the link leads to docs/adr/gone.md, which is not there';
    expect(problemsOf(markdown, 'docs/adr/0100-then.md')).toEqual([`docs/adr/0100-then.md:5: ${problem}`]);
  });
});

describe('the check of docs/metrics.md', () => {
  const metrics = readFileSync(join(ROOT, METRICS), 'utf8');
  const lineOf = (text) => metrics.split('\n').findIndex((line) => line.startsWith(text)) + 1;

  it.each([
    ['metrics.jsonl', '| `emDraft` ', 'emDraft', 'emDrafts'],
    ['evaluations.jsonl', '| `emTrain` ', 'emTrain', 'emTrained'],
    ['theory.jsonl', '| `jMeta` ', 'jMeta', 'jMetas'],
    ['summary.json', '| `weightsHash` ', 'weightsHash', 'weightsHashes'],
    ['timings.jsonl', '| `gpuBytes` ', 'gpuBytes', 'gpuByte'],
  ])('names a key that %s does not have, and one without a row', (file, row, key, wrong) => {
    const line = lineOf(row);
    const problems = problemsOf(metrics.replace(`\n${row}`, `\n${row.replace(key, wrong)}`), METRICS);
    expect(problems).toContain(`${METRICS}:${line}: ${file} has no key ${wrong}`);
    expect(problems.join('\n')).toContain(`${file} has a key ${key}, which has no row`);
  });
});

describe('what every document leaves out', () => {
  it('is named: settings, presets, and names of other programs that are no longer needed', () => {
    const { output } = judge([], program);
    expect(output).toContain('no document names the setting groupSize');
    expect(output).toContain('no document names the preset search-r1');
    expect(output).toContain('no document names --ozone-platform of another program');
  });
});
