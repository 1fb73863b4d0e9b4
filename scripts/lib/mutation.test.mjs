import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scoreTable, undetectedLines } from './mutation-report.mjs';
import { mutationScope } from './mutation-scope.mjs';
import { testsFor } from './mutation-tests.mjs';

/** A folder with these files, for one test. */
function project(files) {
  const root = mkdtempSync(join(tmpdir(), 'cutpoint-mutation-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('mutationScope', () => {
  it('takes the logic of its folders, and says of the rest why not', () => {
    const root = project({
      'src/rl/measuring/theory.ts': 'sum += p[i];',
      'src/rl/measuring/theory.test.ts': '',
      'src/rl/learning/learner.ts': "import type { Recorder } from '../../gpu/recorder';",
      // Only there a recorder is one of GPU work.
      'src/store/run/recorder.ts': 'const recorder = 1;',
      'src/ui/format.ts': '',
      'src/ui/paced.ts': '',
      'src/ui/panels/charts/axis.ts': '',
      'src/ui/panels/charts/axis.css': '',
      'src/ui/panels/charts/lines.tsx': '',
      'src/env/episode.ts': '',
    });
    const { mutated, leftOut } = mutationScope(root);
    expect(mutated).toEqual([
      'src/rl/measuring/theory.ts',
      'src/store/run/recorder.ts',
      'src/ui/format.ts',
      'src/ui/panels/charts/axis.ts',
    ]);
    expect([...leftOut.keys()]).toEqual([
      'src/rl/learning/learner.ts',
      'src/rl/measuring/theory.test.ts',
      'src/ui/panels/charts/lines.tsx',
    ]);
    expect(leftOut.get('src/rl/learning/learner.ts')).toContain('GPU');
  });
});

describe('testsFor', () => {
  it('finds the tests that reach a file, over others too, but none that reaches a device or starts a command', () => {
    const root = project({
      'src/config/schema.ts': '',
      'src/config/schema.test.ts': "import { a } from './schema';",
      'src/store/actions.ts': "import type {\n  Config,\n} from '../config/schema';\nimport { b } from './pace';",
      // Each imports the other.
      'src/store/pace.ts': "export * from './actions';",
      'src/store/actions.test.ts': "import { b } from './pace';",
      'src/store/later.test.tsx': "const { b } = await import('./actions');",
      'src/node/node-gpu.ts': "import { create } from 'webgpu';",
      'src/store/device.test.ts': "import './actions';\nimport '../node/node-gpu';",
      'src/cli/command.test.ts': "import { a } from '../config/schema';\nimport { spawn } from 'node:child_process';",
      'src/env/episode.test.ts': "import { it } from 'vitest';\nimport './missing';",
    });
    expect(testsFor(['src/config/schema.ts'], root)).toEqual([
      'src/config/schema.test.ts',
      'src/store/actions.test.ts',
      'src/store/later.test.tsx',
    ]);
    expect(testsFor(['src/store/pace.ts', 'src/config/none.ts'], root)).toEqual([
      'src/store/actions.test.ts',
      'src/store/later.test.tsx',
    ]);
    expect(testsFor([], root)).toEqual([]);
  });
});

describe('a report of mutants', () => {
  const mutant = (status, [line, column], [endLine, endColumn], replacement) => ({
    status,
    replacement,
    mutatorName: 'Some',
    location: { start: { line, column }, end: { line: endLine, column: endColumn } },
  });
  const report = {
    files: {
      'a.ts': {
        source: 'const a = b < c;\nif (a) {\n  d();\n}\n',
        mutants: [
          mutant('NoCoverage', [2, 8], [4, 2], '{}'),
          mutant('Survived', [1, 11], [1, 16], 'b <= c'),
          mutant('Killed', [1, 11], [1, 16], 'true'),
          mutant('Timeout', [1, 11], [1, 16], 'false'),
          mutant('Ignored', [1, 11], [1, 16], ''),
        ],
      },
      'b.ts': { source: 'x', mutants: [mutant('Killed', [1, 1], [1, 2], 'y')] },
    },
  };

  it('names what no test notices, in the order of the lines', () => {
    expect(undetectedLines(report, ['b.ts', 'a.ts'])).toEqual([
      'a.ts:1:11 Some: b < c -> b <= c',
      'a.ts:2:8 Some (never run): { d(); } -> {}',
    ]);
    expect(undetectedLines(report, ['b.ts', 'none.ts'])).toEqual([]);
  });

  it('counts a timeout as noticed, and nothing that is ignored', () => {
    expect(scoreTable(report, ['b.ts', 'a.ts', 'none.ts']).slice(2)).toEqual([
      '| a.ts | 4 | 1 | 1 | 1 | 1 | 1 | 50.0 % |',
      '| b.ts | 1 | 1 | 0 | 0 | 0 | 0 | 100.0 % |',
      '| none.ts | 0 | 0 | 0 | 0 | 0 | 0 |  |',
      '| all | 5 | 2 | 1 | 1 | 1 | 1 | 60.0 % |',
    ]);
  });
});
