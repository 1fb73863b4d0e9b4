/** npm run shaders -- FOLDER: every WGSL module that the engine can compile, for compilers that are not at hand here. */
import { join } from 'node:path';
import { readTokens } from '../config/flags';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { openNodeGpu } from '../node/node-gpu';
import { makeFolder, replaceFile } from './files/disk';
import { runMain } from './main';
import { engineModules } from './run/engine-modules';

const HELP = `Usage: npm run shaders -- FOLDER

Writes every WGSL module that the engine can compile into a folder, a file each: all kernels, forms and constants. A file's
first line says which. For compilers of other systems: naga, Tint, Metal, Direct3D.

  --help             prints this
`;

await runMain(async () => {
  const unknown = (name: string) => new UserError(`There is no flag ${name}.`, 'See --help.');
  const given = readTokens(process.argv.slice(2), { values: [], switches: ['help'], unknown });
  if (given.has('help')) {
    console.log(HELP);
    return;
  }
  const [folder, stray] = given.positionals;
  if (folder === undefined || stray !== undefined) throw new UserError('Which folder?', 'See --help.');
  makeFolder(folder);
  const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  const modules = await engineModules(gpu);
  gpu.close();
  const counts = new Map<string, number>();
  for (const [key, { kernel, code }] of modules) {
    const number = (counts.get(kernel) ?? 0) + 1;
    counts.set(kernel, number);
    replaceFile(join(folder, `${kernel}-${number}.wgsl`), `// ${key}\n${code}`);
  }
  console.log(`${modules.size} modules of ${counts.size} kernels are in ${folder}.`);
});
