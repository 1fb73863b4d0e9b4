// npm run check: format, lint, types, architecture rules, dead code, documents, workflows, bundle size,
// advisories.
import { runChecks } from './lib/checks.mjs';
import { ensurePackages } from './lib/packages.mjs';

await ensurePackages({ dev: true });
const { failed } = await runChecks();
process.exitCode = failed === 0 ? 0 : 1;
