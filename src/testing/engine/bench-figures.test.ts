/** What `npm run bench` writes is as docs/schema says: short works of ours, and of ours again in the place of a peer. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runBench } from '../../../bench/src/bench';
import { compareDecode, compareMatmul, compareTrain, type Bench } from '../../../bench/src/compare';
import type { Contender } from '../../../bench/src/contender';
import { GpuCounter } from '../../../bench/src/count';
import { trainTask } from '../../../bench/src/cutpoint-train';
import { openEngine } from '../../../bench/src/engines';
import { measureGrowth } from '../../../bench/src/growth';
import { measureRoofline } from '../../../bench/src/roofline/roofline';
import { decodeItem, matmulItems, trainItem } from '../../../bench/src/works';
import { measureWorlds } from '../../../bench/src/worlds';
import { UserError } from '../../lib/assert';
import { openNodeGpu } from '../../node/node-gpu';
import { expectSchema } from '../schemas/expect-schema';

const heads = { heads: 4, kvHeads: 4, headDim: 8 };
const SHAPE = { vocab: 32, width: 32, layers: 1, ...heads, ffn: 84, ropeTheta: 10_000, rmsEps: 1e-5 };
const TRAIN = trainItem({ shape: SHAPE, sequences: 2, length: 16 }, false);
const DECODE = decodeItem({ shape: SHAPE, rows: 2, steps: 8 }, true);

const host = {
  runtime: `Node ${process.versions.node}`,
  dawn: null,
  cores: 2,
  promptCpu: true,
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return Promise.resolve((user + system) / 1e6);
  },
  readPublic: (path: string) => Promise.resolve(readFileSync(`public/${path}`)),
  say: () => undefined,
  note: () => undefined,
};

/** Does nothing in training and is refused in decoding. */
const IDLE: Contender = {
  name: 'idle',
  version: '0',
  matmul: () => Promise.reject(new Error('not asked for')),
  train: () =>
    Promise.resolve({
      run: () => Promise.resolve(),
      dispose: () => undefined,
      logits: () => Promise.resolve(new Float32Array()),
      loss: () => Promise.resolve(0),
    }),
  decode: () => Promise.reject(new UserError('It does not fit.')),
  dispose: () => undefined,
};

beforeAll(async () => {
  vi.stubGlobal('navigator', { gpu: await openNodeGpu() });
});
afterAll(() => vi.unstubAllGlobals());

it('the figures of the bench are as docs/schema says', async () => {
  const grpo = { works: ['grpo'], engines: ['cutpoint'], rounds: 1, draw: 1, quick: true } as const;
  const rest = {
    against: undefined,
    rowsAtOnce: undefined,
    json: undefined,
    plot: undefined,
    browser: false,
    help: false,
  };
  const { report } = await runBench({ ...grpo, ...rest }, host);
  expect(report.grpo?.laps).toHaveLength(1);

  const [ours, peer] = [await openEngine('cutpoint'), await openEngine('cutpoint')];
  const short = { host, counter: new GpuCounter(), rounds: 1, leastMs: 1 };
  const bench: Bench = {
    ...short,
    engines: new Map([
      ['cutpoint', ours],
      ['jax', peer],
      ['tfjs', IDLE],
    ] as const),
  };
  const [product] = matmulItems(1, true);
  if (product === undefined) throw new Error('There is no product to time.');
  const works = [
    await compareMatmul(bench, product),
    await compareTrain(bench, TRAIN),
    await compareDecode(bench, DECODE),
  ];
  const growth = await measureGrowth({ ...short, engines: new Map([['cutpoint', IDLE]] as const) }, true);
  const worlds = await measureWorlds(bench, { facts: [100], batches: 10 });
  const roofline = await measureRoofline(bench, [{ title: 'train', open: (own) => trainTask(own, TRAIN.make()) }]);
  ours.dispose();
  peer.dispose();
  const whole = { ...report, versions: { cutpoint: ours.version, jax: '0' }, works, growth, worlds, roofline };
  const files: unknown = JSON.parse(JSON.stringify([report, whole]));
  expectSchema('bench', Array.isArray(files) ? files : []);
});
