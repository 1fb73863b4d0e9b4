import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configForPreset, SETTING_KEYS, settingOf } from '../../config/schema';
import { MAX_FACTS } from '../../config/triple-limits';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { runCommand } from '../run-command';
import { recipeLacks } from './recipe-config';
import { targetOf, TARGET_NAMES } from './registry';

const BASE = 'public/checkpoints/atlas-tiny.safetensors';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'target-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
function rows(name: string): Record<string, unknown>[] {
  const isRow = (row: unknown): row is Record<string, unknown> => typeof row === 'object' && row !== null;
  const lines = read(name).trim().split('\n');
  return lines.map((line): unknown => JSON.parse(line)).filter(isRow);
}
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function exported(...args: string[]) {
  return runCommand('export', ['--target', 'trl', '--out', join(folder, 'out'), ...args]);
}

describe('export --target', () => {
  it('writes a checkpoint, questions in its words, their labels and settings', async () => {
    const { code, text } = await exported('--world', 'atlas', '--set', 'size=tiny', '--questions', '100', BASE);
    expect([code, text]).toEqual([0, expect.stringContaining('100 questions to train on, 256 held out')]);
    for (const file of ['model.safetensors', 'config.json', 'tokenizer.json']) {
      expect(existsSync(join(folder, 'out/model', file)), file).toBe(true);
    }
    expect(existsSync(join(folder, 'out/recipe/src/search_r2/episode.py'))).toBe(true);
    for (const document of ['README.md', 'recipe/README.md', 'recipe/TRL.md', 'recipe/VERL.md', 'recipe/COST.md']) {
      for (const [, link = ''] of read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        expect(existsSync(join(folder, 'out', dirname(document), link)), `${document}: ${link}`).toBe(true);
      }
    }
    const corpus = new Map(rows('corpus.jsonl').map(({ id, contents }) => [id, String(contents)]));
    const asked = [...rows('train.jsonl'), ...rows('held-out.jsonl')];
    expect(new Set(asked.map(({ words }) => words)).size).toBe(356);
    for (const { words, golden_answers: golds, hops } of asked) {
      expect(words).toMatch(/^<bos> relation:.* \?$/);
      // The passages of the last hop state the answer.
      const last = strings(Array.isArray(hops) ? hops.at(-1) : null);
      expect(last.length).toBeGreaterThan(0);
      for (const id of last) expect(corpus.get(id)?.endsWith(` ${strings(golds)[0] ?? ''}`)).toBe(true);
    }
    const config: unknown = JSON.parse(read('config.json'));
    expect(config).toMatchObject({
      ...{ format: 'search-r2-recipe/1', notation: 'words', model: 'model', pins: targetOf('trl').pins },
      rollout: { max_turns: 5, topk: 3, refiner: 'model' },
      objective: { refiner_advantage: 'draftBaseline', review_weight: 0.2, kl_beta: 0.001 },
      trainer: { num_generations: 8, per_device_train_batch_size: 192, learning_rate: 2e-4, loss_type: 'grpo' },
    });
  });

  it('writes English for a language model, and lists what the trainer lacks', async () => {
    const { code, text } = await exported('--world', 'microwiki', '--preset', 'search-r2-paper');
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'out/model'))).toBe(false);
    expect(String(rows('corpus.jsonl')[0]?.['contents'])).toMatch(/^"\w+"\n[A-Z][^:]*\.$/);
    const readme = read('README.md');
    for (const setting of ['poolSize', 'learningRate', 'warmStartBatches']) {
      expect(readme).toContain(`| ${setting} |`);
      expect(text).toContain(`${setting}=`);
    }
    expect(readme).toContain('-m search_r2.trl . --model NAME');
  });

  it('writes for verl the paper’s settings under verl’s own keys, and refuses what its rows cannot say', async () => {
    const { code, text } = await runCommand('export', [
      ...['--target', 'verl', '--out', join(folder, 'out'), '--world', 'microwiki', '--preset', 'search-r2-paper'],
      ...['--set', 'discardedTokens=in', '--set', 'aggregation=tokenMean', '--updates', '300'],
    ]);
    expect(code, text).toBe(0);
    const config: unknown = JSON.parse(read('config.json'));
    expect(config).toMatchObject({
      ...{ target: 'verl', notation: 'text', model: null },
      objective: { refiner_advantage: 'group', discarded: 'in' },
      trainer: {
        'actor_rollout_ref.rollout.n': 8,
        'actor_rollout_ref.actor.loss_agg_mode': 'token-mean',
        'actor_rollout_ref.actor.kl_loss_coef': 0.001,
        'actor_rollout_ref.actor.optim.clip_grad': 1,
        'trainer.total_training_steps': 300,
      },
    });
    expect(read('config.json')).not.toContain('optim.lr');
    const readme = read('README.md');
    expect(readme).toContain('-m search_r2.verl . --model NAME');
    for (const setting of ['discardedTokens', 'aggregation']) expect(readme).toContain(`| ${setting} |`);
    expect(existsSync(join(folder, 'out/recipe/launch/verl-one-node.sh'))).toBe(true);
    const rloo = await runCommand('export', [
      ...['--target', 'verl', '--out', join(folder, 'other'), '--world', 'microwiki', '--set', 'advantage=rloo'],
    ]);
    expect(rloo.code).toBe(2);
    expect(rloo.text).toContain('advantage must be grpo or drgrpo');
  });

  it.each([
    ['oracle-value', 'refiner can be model or none'],
    ['separate-refiner', 'refinerWeights must be shared'],
    ['discarded-in', 'discardedTokens must be out'],
  ])('refuses the preset %s with its rule, and says which have a counterpart', async (preset, rule) => {
    const { code, text } = await exported('--world', 'microwiki', '--preset', preset);
    expect(code).toBe(2);
    expect(text).toContain(rule);
    expect(text).toMatch(/Presets with one: search-r2, search-r2-paper, search-r1,/);
    expect(text.split('Presets with one:')[1]).not.toContain(preset);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('refuses a world that is too large, another world’s checkpoint, a full folder, an unknown target', async () => {
    const large = join(folder, 'large.tsv');
    writeFileSync(large, Array.from({ length: MAX_FACTS + 1 }, (_, i) => `a${i % 900}\tr${i % 30}\tb${i}`).join('\n'));
    const refusals: [args: string[], why: RegExp][] = [
      [
        ['trl', '--world', large, '--out', join(folder, 'out')],
        /too large for a world[^]*at most 20000 facts, 2000 entities, 512 relations/,
      ],
      [
        ['trl', '--world', 'microwiki', '--out', join(folder, 'out'), BASE],
        /is of the world "atlas", not of "microwiki"/,
      ],
      [['trl', '--world', 'microwiki', '--out', folder], /is not empty/],
      [['tlr', '--world', 'microwiki', '--out', folder], /There is no target "tlr"[^]*Targets are trl/],
    ];
    for (const [args, why] of refusals) {
      const { code, text } = await runCommand('export', ['--target', ...args]);
      expect(code, text).toBe(2);
      expect(text).toMatch(why);
    }
  });
});

/** Settings that the recipe takes over, by any section of config.json or by the world and its questions. */
const TAKEN =
  'preset world worldSeed runSeed noise rumourSpread misfiled sharedNames minHops maxHops prompts groupSize refiner reviewGate ' +
  'reviewCut maxRevisions reviewWeight refinerAdvantage margin process combine learningRate aggregation discardedTokens advantage ' +
  'epochs clipLow clipHigh klBeta entropyBonus maxGradNorm weightDecay beta1 beta2 evalQuestions size';
/** Refused where they are not as they are by themselves, so nothing is dropped. */
const REFUSED =
  'refinerWeights refinerLayers refinerWidth reviewReading reviewSees reviewThoughts reviewSupervision reviewLabelSteps refinerLearningRate reviewBalance reviewSamples oracleReplicates';
/** Only told where they are set. */
const TOLD = 'marginFrom theoryEvery theoryQuestions theoryReplicates';

describe.each(TARGET_NAMES)('the target %s', (name) => {
  it('takes over, refuses or lists every setting of a run', () => {
    const config = configForPreset('search-r2', { theoryEvery: 20, marginFrom: 'pool' });
    const context = { config, notation: 'text', updates: 80, positions: 103, questions: 10 } as const;
    const listed = [...recipeLacks(context), ...targetOf(name).lacks(context)].map(({ setting }) => setting);
    const known = [...`${TAKEN} ${REFUSED} ${TOLD}`.split(' '), ...listed];
    // The warm start made the weights that are given, or is not there at all, which its length says; initSeed is its.
    const left = SETTING_KEYS.filter((key) => settingOf(key).group !== 'WarmStart' && key !== 'initSeed');
    expect(left.filter((key) => !known.includes(key))).toEqual([]);
    for (const told of ['marginFrom', 'theoryEvery', 'poolSize']) expect(listed).toContain(told);
  });

  it('writes a folder that its schemas describe, for a checkpoint and for a language model', async () => {
    const out = join(folder, 'out');
    const cases = [
      ['--world', 'atlas', '--set', 'size=tiny', BASE],
      ['--world', 'microwiki'],
    ];
    const configs: unknown[] = [];
    for (const args of cases) {
      const { code, text } = await runCommand('export', ['--target', name, '--out', out, '--questions', '20', ...args]);
      expect(code, text).toBe(0);
      configs.push(JSON.parse(read('config.json')));
      expectSchema('recipe-question', [...rows('train.jsonl'), ...rows('held-out.jsonl')]);
      expectSchema('recipe-passage', rows('corpus.jsonl'));
      rmSync(out, { recursive: true });
    }
    for (const config of configs) expectSchema('recipe', [config]);
    const [words] = configs;
    const other = TARGET_NAMES.find((one) => one !== name);
    expect(() => {
      expectSchema('recipe', [{ ...Object(words), target: other }]);
    }).toThrow('must match exactly one schema');
  });
});
