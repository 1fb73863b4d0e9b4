import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/** Logic that needs no device, and the numbers that panels show. */
const SCOPE = [
  'src/config',
  'src/recordings',
  'src/rl',
  'src/rollouts',
  'src/store',
  'src/ui/format.ts',
  'src/ui/panels',
  'src/ui/primitives',
];

/** What is left out, by name or by what the file does, and why. */
const LEFT_OUT = [
  { why: 'tests', path: /\.test\.tsx?$/ },
  { why: 'components: browser tests see what they draw', path: /\.tsx$/ },
  {
    why: 'hooks and canvas of panels, without numbers of their own',
    path: /^src\/ui\/.*\/(use-[a-z-]+|heat-painter)\.ts$/,
  },
  { why: 'a click on a link', path: /\/download\.ts$/ },
  { why: 'runs in a worker of the browser alone', path: /^src\/rollouts\/worker\.ts$/ },
  {
    why: 'records GPU work: kernel tests and the oracle hold it',
    path: /^src\/rl\//,
    text: /\b(Recorder|Readback|recorder|GPUDevice)\b/,
  },
];

/** The files of the scope, and of those left out the reason. */
export function mutationScope(root = ROOT) {
  const mutated = [];
  const leftOut = new Map();
  for (const path of SCOPE.flatMap((entry) => filesUnder(root, entry)).filter((name) => /\.tsx?$/.test(name))) {
    const found = LEFT_OUT.find(
      (rule) => rule.path.test(path) && (rule.text?.test(readFileSync(join(root, path), 'utf8')) ?? true),
    );
    if (found === undefined) mutated.push(path);
    else leftOut.set(path, found.why);
  }
  return { mutated, leftOut };
}

function filesUnder(root, entry) {
  const stat = statSync(join(root, entry), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [entry];
  const names = readdirSync(join(root, entry), { recursive: true, encoding: 'utf8' });
  return names.map((name) => `${entry}/${name.replaceAll('\\', '/')}`).toSorted();
}
