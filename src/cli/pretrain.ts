/** npm run pretrain -- --world NAME [--seed N] [--set size=tiny ...] [--out FILE]: makes a warm-started base policy. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { flagsHelp, parseFlags } from '../config/flags';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { fnv1a64Hex } from '../lib/hash';
import { evaluate } from '../rl/measuring/evaluate';
import { Learner } from '../rl/learning/learner';
import { encodeBase } from '../trainer/state/checkpoint';
import { basePath, openFamily } from '../node/families';
import { runMain } from './main';
import { openNodeGpu } from '../node/node-gpu';
import { runWarmStart } from './run/warm-start';

await runMain(async () => {
  const flags = parseFlags(process.argv.slice(2), 'pretrain');
  if (flags.help) {
    console.log(flagsHelp('pretrain'));
    return;
  }
  const { config } = flags;
  if (flags.worldFile !== undefined && flags.out === undefined) {
    throw new UserError('A base policy for a world of your own needs --out FILE.', 'It then serves as --init FILE.');
  }
  const family = openFamily(config, flags.worldFile);
  const learner = new Learner(await openGpu(await openNodeGpu(), wgslIncludes), config, family);
  await runWarmStart(learner);
  const params = await learner.parameters();
  const bytes = encodeBase(learner, params, {
    config: JSON.stringify(config),
    adapter: learner.gpu.adapter.description,
  });
  const out = flags.out ?? basePath(config);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, bytes);
  console.log(`${out}: ${learner.table.count} parameters, ${bytes.length} bytes, hash ${fnv1a64Hex(bytes)}`);
  console.log(JSON.stringify(await evaluate(learner)));
});
