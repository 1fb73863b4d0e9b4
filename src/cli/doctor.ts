/** npm run doctor: what this machine gives the engine, whether every kernel computes what it should, and how fast. */
import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, release, type } from 'node:os';
import { basename } from 'node:path';
import { readTokens } from '../config/flags';
import { examine, type DoctorHost } from '../doctor/examine';
import { isHealthy, reportData } from '../doctor/report';
import { reportText } from '../doctor/report-text';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { basePath } from '../node/families';
import { IMPLEMENTATION, openNodeGpu } from '../node/node-gpu';
import { decodeBase } from '../trainer/state/checkpoint';
import { replaceFile, usable } from './files/disk';
import { runMain } from './main';

const HELP = `Usage: npm run doctor [-- --json FILE]

Prints what a bug report needs: versions, the adapter with its limits and features, every kernel against its reference,
and the speed of a small run. It takes some seconds, minutes where kernels have to be compiled first. Exit 0 if all is
well, 1 if a kernel is wrong or there is no adapter.

  --json FILE        writes the same as data (docs/guide/doctor.md)
  --help             prints this
`;

const FLAGS = ['json', 'help'] as const;

/** What chose the adapter: scripts/lib/adapter.mjs names a driver by file, whose folder is nobody's business. */
function forced(): string[] {
  const { CUTPOINT_ADAPTER: wanted, VK_DRIVER_FILES: driver } = process.env;
  return [
    ...(wanted ? [`CUTPOINT_ADAPTER=${wanted}`] : []),
    ...(driver
      ? [
          `Vulkan driver ${driver
            .split(':')
            .map((file) => basename(file))
            .join(', ')}`,
        ]
      : []),
  ];
}

const host: DoctorHost = {
  place: {
    kind: 'node',
    agent: IMPLEMENTATION,
    system: `${type()} ${release()} ${arch()}`,
    cores: availableParallelism(),
    forced: forced(),
    run: '',
  },
  gpu: openNodeGpu,
  includes: wgslIncludes,
  loadBase(learner) {
    const path = basePath(learner.config);
    if (!existsSync(path)) throw new UserError(`There is no file "${path}".`);
    learner.startFrom(decodeBase(learner, readFileSync(path), path));
    return Promise.resolve();
  },
};

await runMain(async () => {
  const given = readTokens(process.argv.slice(2), {
    values: ['json'],
    switches: ['help'],
    unknown(name) {
      const near = nearest(name.replace(/^-+/, ''), FLAGS);
      return new UserError(`There is no flag ${name}.`, near === undefined ? 'See --help.' : `Did you mean --${near}?`);
    },
  });
  const [stray] = given.positionals;
  if (stray !== undefined) throw new UserError(`Unexpected argument "${stray}".`, 'See --help.');
  if (given.has('help')) {
    console.log(HELP);
    return 0;
  }
  let told = '';
  const report = await examine(host, ({ under }) => {
    const what = under.replace(/^testing .*/, 'testing kernels');
    if (what !== '' && what !== told) console.error(`${what} ...`);
    told = what;
  });
  console.log(reportText(report));
  const json = given.last('json');
  if (json !== undefined) usable(() => replaceFile(json, `${JSON.stringify(reportData(report), null, 2)}\n`));
  return isHealthy(report) ? 0 : 1;
});
