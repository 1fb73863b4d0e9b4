// node bundle-program.mjs OUT ENTRY...: bundles modules of the program for Node. In a process of its own: Vite sets NODE_ENV,
// which must not reach what runs after the check.
import { join } from 'node:path';
import { bundlesForNode } from '../bundle.mjs';
import { ROOT } from '../paths.mjs';

const [out, ...entries] = process.argv.slice(2);
await bundlesForNode(
  entries.map((entry) => join(ROOT, entry)),
  out,
);
