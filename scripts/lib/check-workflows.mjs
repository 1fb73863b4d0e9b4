import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleApart, processFolder } from './bundle.mjs';
import { ROOT } from './paths.mjs';

const FOLDER = '.github/workflows';
const CACHE = join(ROOT, 'node_modules/.cache/cutpoint-workflows');
const PARSER = join(ROOT, 'scripts/lib/workflow-parser.mjs');
/** A tag can be moved to other code; a commit cannot. What lies in this repository needs neither. */
const PINNED = /^(\.\/.*|[^@]+@[0-9a-f]{40})$/;

/** @returns {Promise<(file: string, text: string) => Promise<string[]>>} says what is wrong with a workflow */
export async function workflowLinter() {
  const folder = processFolder(CACHE);
  await bundleApart([PARSER], folder);
  const parser = await import(pathToFileURL(join(folder, 'workflow-parser.mjs')).href);
  return async (name, content) => {
    const { context, value } = parser.parseWorkflow({ name, content }, new parser.NoOperationTraceWriter());
    const syntax = context.errors.getErrors().map(({ message }) => message);
    if (value === undefined || syntax.length > 0) return syntax;
    const { errors = [], jobs = [] } = await parser.convertWorkflowTemplate(context, value);
    const uses = jobs.flatMap(({ ref, steps = [] }) => [ref, ...steps.map((step) => step.uses)]);
    const loose = uses.filter((action) => action !== undefined && !PINNED.test(action.value));
    const limited = new Set(
      Array.from(value.find('jobs'), ({ key, value: job }) => (job.find('timeout-minutes') ? key.value : '')),
    );
    // A job that calls another workflow ends when that one does.
    const endless = jobs.filter(({ type, id }) => type === 'job' && !limited.has(id.value));
    return [
      ...errors.map(({ Message }) => Message),
      ...loose.map((action) => `${name}: ${action.value} is not pinned to a commit`),
      ...endless.map(({ id }) => `${name}: the job ${id.value} has no timeout-minutes`),
    ];
  };
}

/**
 * Whether GitHub's own parser takes the workflows, and whether they are pinned and come to an end.
 *
 * @returns {Promise<{fine: boolean, note: string, output: string}>}
 */
export async function checkWorkflows() {
  const lint = await workflowLinter();
  const files = readdirSync(join(ROOT, FOLDER)).map((name) => `${FOLDER}/${name}`);
  const problems = await Promise.all(files.map((file) => lint(file, readFileSync(join(ROOT, file), 'utf8'))));
  return { fine: problems.flat().length === 0, note: `${files.length} workflows`, output: problems.flat().join('\n') };
}
