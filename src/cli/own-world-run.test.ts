/** A run on somebody's own world: its checkpoint and its capsule carry the facts and go on to the very same numbers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { decodeCapsule } from '../recordings/capsule/capsule';
import { openNodeGpu } from '../node/node-gpu';
import { parseTriples } from '../env/triple-text';
import { expectSchema } from '../testing/schemas/expect-schema';
import { capsuleHeader } from '../testing/schemas/read-headers';
import { runCommand } from './run-command';
import { BENCH_CONFIG as CONFIG, paused, TrainerBench, withoutTime } from '../testing/engine/trainer-bench';

/** People in cities of countries: enough for questions of three hops. */
const FACTS = [
  '# subject, relation, object',
  ...Array.from({ length: 12 }, (_, i) => `Person ${i},city,City ${i % 6}`),
  ...Array.from({ length: 6 }, (_, i) => `City ${i},country,Country ${i % 3}`),
  ...Array.from({ length: 3 }, (_, i) => `Country ${i},anthem,Anthem ${i}`),
].join('\n');
const TRIPLES = { name: 'people', text: FACTS };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-world-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('in the trainer', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  });

  it('a checkpoint goes on exactly with the facts, and is refused without', async () => {
    const bench = new TrainerBench(() => Promise.resolve(gpu));
    bench.start(CONFIG, { kind: 'warmStart' }, TRIPLES);
    await bench.next('evaluation');
    await bench.next('state', paused);
    await bench.stepTo(1);
    const { bytes } = await bench.checkpoint();
    await bench.stepTo(2);
    const straight = {
      metrics: withoutTime(bench.all('metrics').at(-1)),
      hash: (await bench.checkpoint()).weightsHash,
    };
    const saved = () => ({ kind: 'checkpoint' as const, name: 'mine', bytes: bytes.slice() });
    const vet = async (triples: typeof TRIPLES | null) => {
      const answer = bench.next('vetted');
      bench.send({ type: 'vet', id: 1, config: CONFIG, initial: saved(), baseUrl: 'http://localhost/', triples });
      return (await answer).message;
    };
    expect(await vet(null)).toContain('of the world "people"');
    expect(await vet({ name: 'people', text: FACTS.replace('Anthem 2', 'Hymn') })).toContain('another dictionary');
    expect(await vet(TRIPLES)).toBeNull();
    const runId = bench.start(CONFIG, saved(), TRIPLES);
    await bench.next('state', (event) => paused(event) && event.runId === runId && event.update === 1);
    await bench.stepTo(2);
    expect(withoutTime(bench.all('metrics').at(-1))).toEqual(straight.metrics);
    expect((await bench.checkpoint()).weightsHash).toBe(straight.hash);
  });
});

describe('on the command line', () => {
  it('a capsule holds the facts as they were written, and its run goes on exactly from an exported folder', async () => {
    const world = join(folder, 'people.csv');
    writeFileSync(world, FACTS);
    const [straight, first, second] = [join(folder, 'straight'), join(folder, 'first'), join(folder, 'second')];
    const keys = ['size', 'prompts', 'groupSize', 'poolSize', 'redrawEvery', 'warmStartBatches', 'warmStartBatchSize'];
    const settings = Object.entries(CONFIG)
      .filter(([key]) => [...keys, 'evalEvery', 'evalQuestions', 'entropyBonus'].includes(key))
      .flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const run = async (command: 'experiment' | 'export', args: string[]) => {
      const { code, text } = await runCommand(command, args);
      expect({ code, text }).toMatchObject({ code: 0 });
    };
    const start = ['--preset', 'search-r2', '--world', world, '--init', 'warm', ...settings];
    await run('experiment', [...start, '--updates', '2', '--out', straight]);
    const capsule = join(folder, 'people.capsule');
    await run('experiment', [...start, '--updates', '1', '--out', first, '--capsule', capsule]);
    const { ownWorld, world: shown } = await decodeCapsule(Uint8Array.from(readFileSync(capsule)), capsule);
    expect(ownWorld).toMatchObject(TRIPLES);
    expectSchema('capsule', [capsuleHeader(readFileSync(capsule))]);
    expect(ownWorld?.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(shown.title).toBe('people');
    await run('export', [capsule, '--out', second]);
    const written = readFileSync(join(second, 'world.tsv'), 'utf8');
    expect(written).toBe(FACTS);
    const rows = parseTriples(written).map(({ subject, relation, object }) => ({ subject, relation, object }));
    expectSchema('facts', rows);
    await run('experiment', ['--resume', second, '--updates', '2']);
    const lastUpdate = (path: string) => readFileSync(join(path, 'metrics.jsonl'), 'utf8').trimEnd().split('\n').at(-1);
    expect(lastUpdate(second)).toBe(lastUpdate(straight));
    const { text } = await runCommand('experiment', ['--resume', capsule, '--updates', '2']);
    expect(text).toMatch(/is a file[^]*npm run export -- .*people\.capsule/);
  });
});
