// npm run build: the static page, in dist/. Options go to Vite.
import { join } from 'node:path';
import { ensurePackages } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

// `npm start` leaves out what only a build needs.
await ensurePackages({ dev: true });
const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
process.exitCode = await runForeground(process.execPath, [vite, 'build', ...process.argv.slice(2)], { cwd: ROOT });
