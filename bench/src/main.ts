/** The bench in Node, started by scripts/bench.mjs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openNodeGpu } from '../../src/node/node-gpu';
import { runMain } from '../../src/cli/main';
import { runBench } from './bench';
import type { Host } from './host';
import { parseOptions } from './options';
import { growthPlot } from './plot';

function dawnVersion(): string | null {
  const manifest: unknown = createRequire(import.meta.url)('webgpu/package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : null;
}

const host: Host = {
  runtime: `Node ${process.versions.node}`,
  dawn: dawnVersion(),
  cores: availableParallelism(),
  promptCpu: true,
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return Promise.resolve((user + system) / 1e6);
  },
  readPublic: (path) => Promise.resolve(readFileSync(join('public', path))),
  say: (lines) => console.log(lines),
  note: (line) => console.error(line),
};

await runMain(async () => {
  const options = parseOptions(process.argv.slice(2));
  const gpu = await openNodeGpu();
  // Peers look for the GPU where a browser has it.
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: `Node.js/${process.versions.node}`, hardwareConcurrency: host.cores },
    configurable: true,
  });
  const { report, fine } = await runBench(options, host);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
  if (options.plot !== undefined) writeFileSync(options.plot, growthPlot(report));
  if (!fine) process.exit(1);
});
