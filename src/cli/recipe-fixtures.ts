/**
 * node scripts/cli.mjs recipe-fixtures: writes recipes/search_r2/tests/fixtures with our engine, for the recipe's own tests.
 *
 * Three networks, so that none can be taken for another: a trained checkpoint wrote the rollouts (old), the shipped base is
 * frozen (ref), and what lies beyond the trained one on the line from base to it is being trained (new).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configForPreset, MODEL_SIZES, type RunConfig } from '../config/schema';
import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../env/episode-limits';
import { answerToken, questionTokens } from '../env/questions';
import { dictionaryHash } from '../formats/checkpoint-header';
import { generationConfig, llamaConfig, tokenizerConfig, wordLevelTokenizer } from '../formats/hugging-face';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { assert } from '../lib/assert';
import { BatchUploader } from '../models/batch';
import { OptimizerState } from '../models/optimizer';
import { Transformer } from '../models/transformer';
import { builtInFamily } from '../node/families';
import { openNodeGpu } from '../node/node-gpu';
import { GrpoTrainer } from '../rl/learning/grpo';
import { Learner } from '../rl/learning/learner';
import { writeArena } from '../rl/learning/learner-state';
import { policyPositions } from '../rl/rollout/policy-tokens';
import { reviewActions, weighReviews } from '../rl/learning/review-actions';
import { scoreRollout } from '../rl/learning/scores';
import type { RolloutRow } from '../rl/rollout/rollout';
import { textOfRow, type TrajectorySide } from '../rl/rollout/trajectory';
import { decodeBase } from '../trainer/state/checkpoint';
import { corpusRows, questionRow, supportOf } from './targets/world-data';
import { runMain } from './main';

const OUT = 'recipes/search_r2/tests/fixtures';
const TRAINED = 'src/testing/transformers/atlas-tiny.safetensors';
const BASE = 'public/checkpoints/atlas-tiny.safetensors';
/** new = base + BEYOND (trained - base): far enough that some ratios are clipped. */
const BEYOND = 6;
/** A penalty that counts, a clip that is met; in the second epoch ratios are of old log-probabilities, and nothing moves. */
const OVERRIDES: Partial<RunConfig> = {
  world: 'atlas',
  size: 'tiny',
  prompts: 3,
  groupSize: 4,
  poolSize: 1,
  redrawEvery: 0,
  klBeta: 0.05,
  clipLow: 0.1,
  clipHigh: 0.15,
  epochs: 2,
  learningRate: 0,
};

/** Enough digits that a float32 is read back as itself. */
const digits = (values: ArrayLike<number>): number[] => Array.from(values, (x) => Number(x.toPrecision(9)));

await runMain(async () => {
  const config = configForPreset('search-r2-paper', OVERRIDES);
  const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  const family = builtInFamily(config);
  const learner = new Learner(gpu, config, family);
  await learner.compile();
  const { table } = learner;
  const read = (path: string) => decodeBase({ table, family }, readFileSync(path), path);
  const base = read(BASE);
  const trained = read(TRAINED);
  const present = base.map((x, i) => x + Math.fround(BEYOND * Math.fround((trained[i] ?? 0) - x)));

  learner.startFrom(trained);
  const rows = learner.questions(0);
  const result = await learner.roll(rows, learner.rolloutOptions(0));
  const { advantages, reviews: reviewScores } = scoreRollout(result, config);

  const { recorder, owner } = learner;
  const { vocabulary } = family.schema;
  const capacity = 4096;
  const model = new Transformer(recorder, owner, table, capacity, learner.positions + 1);
  const uploader = new BatchUploader(gpu.device, owner, vocabulary.size, capacity);
  const network = new OptimizerState(recorder, owner, table);
  const frozen = owner.storage('frozen parameters', table.size * 4);
  writeArena(gpu.device, network.params, present);
  writeArena(gpu.device, frozen, base);
  const grpo = new GrpoTrainer(
    ...([recorder, owner, model, uploader, network, frozen, vocabulary, learner.positions, config] as const),
  );
  const actions = weighReviews(reviewActions(result, reviewScores), config);
  const metrics = await (await grpo.update(result, advantages, actions, config)).metrics;

  /** Log-probabilities of the tokens at `places` of a text, over `allowed`, in float64 from the engine's logits. */
  const logProbs = async (
    params: typeof frozen,
    tokens: Uint32Array,
    places: readonly number[],
    targets: readonly number[],
    allowed: (token: number) => boolean,
  ) => {
    recorder.submit();
    model.forward(params, uploader.upload({ tokens, lengths: [tokens.length], selected: Uint32Array.from(places) }));
    const ld = model.logitStride;
    const logits = await learner.readback.readF32(model.logits, places.length * ld);
    return places.map((_, n) => {
      const row = Array.from({ length: vocabulary.size }, (_v, v) =>
        allowed(v) ? (logits[n * ld + v] ?? 0) : -Infinity,
      );
      const highest = Math.max(...row);
      const sum = row.reduce((total, z) => total + Math.exp(z - highest), 0);
      return (row[targets[n] ?? 0] ?? 0) - highest - Math.log(sum);
    });
  };
  const support = supportOf(rows[0]?.world ?? learner.pool.member(0));
  const sideOf = async (side: TrajectorySide, b: number, { world, chain }: RolloutRow) => {
    const asked = questionTokens(world.schema, chain).length;
    const tokens = Uint32Array.from(textOfRow(side, b));
    const { positions } = learner;
    const written = policyPositions(tokens, 0, tokens.length, vocabulary.special);
    const before = written.map((t) => t - 1);
    const targets = written.map((t) => tokens[t] ?? 0);
    const actor = (token: number) => vocabulary.actorAllowed[token] === 1;
    const spread = (values: readonly number[]) => {
      const full = new Array<number>(tokens.length - asked).fill(0);
      written.forEach((t, i) => (full[t - asked] = values[i] ?? 0));
      return digits(full);
    };
    const slots = MAX_SEARCHES * PASSAGES_PER_SEARCH;
    return {
      response: Array.from(tokens.subarray(asked)),
      mask: Array.from(tokens.subarray(asked), (_, i) => Number(written.includes(i + asked))),
      logprobs: digits(side.logProbs.subarray(b * positions + asked, b * positions + tokens.length)),
      new: spread(await logProbs(network.params, tokens, before, targets, actor)),
      ref: spread(await logProbs(frozen, tokens, before, targets, actor)),
      step_starts: Array.from({ length: side.stepCounts[b] ?? 0 }, (_, s) => {
        return (side.stepStarts[b * MAX_STEPS + s] ?? 0) - asked;
      }),
      passages: Array.from({ length: side.searches[b] ?? 0 }, (_, s) => {
        const from = b * slots + s * PASSAGES_PER_SEARCH;
        return Array.from(side.passages.subarray(from, from + PASSAGES_PER_SEARCH), String);
      }),
      useful: Array.from(side.useful.subarray(b * MAX_SEARCHES, b * MAX_SEARCHES + (side.searches[b] ?? 0))),
      shares: digits(side.shares.subarray(b * MAX_SEARCHES, b * MAX_SEARCHES + (side.searches[b] ?? 0))),
      end: side.reasons[b] ?? 0,
      em: side.em[b] ?? 0,
      reward: side.rewards[b] ?? 0,
    };
  };

  const episodes = [];
  for (const [b, row] of rows.entries()) {
    const { reviews, draft, final } = result;
    const steps = draft.stepCounts[b] ?? 0;
    const said = reviews.integers[b] ?? 0;
    const text = Uint32Array.from([...textOfRow(draft, b), vocabulary.special.review]);
    const legal = (token: number) => vocabulary.special.integers.slice(0, steps + 1).some((one) => one === token);
    const reply = vocabulary.special.integers[said] ?? 0;
    const chances = Array.from(reviews.logProbs.subarray(b * 6, b * 6 + steps + 1));
    episodes.push({
      ...questionRow(row.world, row.chain, { id: String(b), notation: 'words', support }),
      prompt: questionTokens(row.world.schema, row.chain),
      answer: answerToken(row.world.schema, row.chain),
      draft: await sideOf(draft, b, row),
      review: {
        said,
        cut: reviews.cuts[b] ?? 0,
        chances: digits(chances),
        new: digits(await logProbs(network.params, text, [text.length - 1], [reply], legal)),
        advantage: reviewScores[0]?.[b] ?? 0,
      },
      final: await sideOf(final, b, row),
      advantage: advantages[b] ?? 0,
    });
  }
  const cut = episodes.filter(({ review }) => review.cut > 0).length;
  assert(cut > 0 && cut < episodes.length, `${cut} of ${episodes.length} drafts are cut: some must be, and some not`);
  assert(metrics.clipFraction > 0, 'no ratio is clipped, so the clip would not be tested');
  write(config, episodes, {
    strings: vocabulary.strings,
    corpus: corpusRows(rows[0]?.world ?? learner.pool.member(0), 'words'),
    metrics,
  });
  const origin = { world: 'atlas', dictionary: dictionaryHash(vocabulary.strings) };
  for (const [name, content] of Object.entries({
    'config.json': llamaConfig(MODEL_SIZES.tiny, vocabulary, origin),
    'generation_config.json': generationConfig(vocabulary),
    'tokenizer.json': wordLevelTokenizer(vocabulary),
    'tokenizer_config.json': tokenizerConfig(vocabulary),
  })) {
    save(`model/${name}`, content);
  }
  console.log(`${OUT}: ${episodes.length} episodes, ${cut} of them cut; ${gpu.adapter.description}`);
});

function write(
  config: RunConfig,
  episodes: readonly object[],
  { metrics, ...rest }: { metrics: object; strings: readonly string[]; corpus: readonly object[] },
): void {
  const { klBeta, clipLow, clipHigh, groupSize, reviewWeight, refinerAdvantage, aggregation, process } = config;
  save('engine.json', {
    made: 'node scripts/cli.mjs recipe-fixtures',
    weights: { old: TRAINED, ref: BASE, beyond: BEYOND },
    settings: { klBeta, clipLow, clipHigh, groupSize, reviewWeight, refinerAdvantage, aggregation, process },
    expected: metrics,
    episodes,
    ...rest,
  });
}

function save(name: string, content: object): void {
  mkdirSync(join(OUT, 'model'), { recursive: true });
  writeFileSync(join(OUT, name), `${JSON.stringify(content)}\n`);
}
