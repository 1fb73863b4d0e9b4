import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowLinter } from './check-workflows.mjs';
import { ROOT } from './paths.mjs';

const FOLDER = join(ROOT, '.github/workflows');
const WORKFLOW = `on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1
      - run: echo \${{ github.ref }}
  other:
    needs: test
    uses: ./.github/workflows/test.yml
`;

let lint;
beforeAll(async () => {
  lint = await workflowLinter();
});

describe('the check of workflows', () => {
  it.each(readdirSync(FOLDER))('takes %s', async (name) => {
    expect(await lint(name, readFileSync(join(FOLDER, name), 'utf8'))).toEqual([]);
  });

  it('takes a good one', async () => {
    expect(await lint('good.yml', WORKFLOW)).toEqual([]);
  });

  it.each([
    ['a word that is none', 'contents: read', 'contents: reed', /Line: 3, Col: 13.*reed/],
    ['a key that is none', 'timeout-minutes', 'timeout-minute', /Line: 7, Col: 5.*timeout-minute/],
    ['a variable that is none', 'github.ref', 'githb.ref', /Line: 10.*githb/],
    ['a job that is not there', 'needs: test', 'needs: tests', /tests/],
    ['an action by its tag', '@0123456789abcdef0123456789abcdef01234567', '@v1', /checkout@v1 is not pinned/],
    ['a job without an end', '    timeout-minutes: 5\n', '', /the job test has no timeout-minutes/],
    ['what is no YAML', 'on: push', 'on: [push', /at line 2/],
  ])('names %s', async (_, right, wrong, problem) => {
    const problems = await lint('planted.yml', WORKFLOW.replace(right, wrong));
    expect(problems.join('\n')).toMatch(problem);
  });
});
