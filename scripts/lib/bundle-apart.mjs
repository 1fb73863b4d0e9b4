// node bundle-apart.mjs OUT ENTRY...: what `bundleApart` runs.
import { bundlesForNode } from './bundle.mjs';

const [out, ...entries] = process.argv.slice(2);
await bundlesForNode(entries, out, { noExternal: true });
