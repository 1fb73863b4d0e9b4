/** Run records with known effects, for tests of the report. */
import { configForPreset, type PresetId, type RunConfig } from '../../config/schema';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { readRecord, RECORD_FORMAT, type RunRecord } from '../../report/record';

export interface FakeArm {
  preset: PresetId;
  overrides?: Partial<RunConfig>;
  /** Added to EM at the end, growing from 0. */
  effect?: number;
  /** What the refiner adds. */
  gain?: number;
  /** Tokens sampled by an update. */
  tokens?: number;
}

const UPDATES = 40;
const EVERY = 10;

/** A run whose EM rises from 0.2 to 0.7, with an offset of its seed that all arms share and a little noise of its own. */
export function fakeRun(arm: FakeArm, seed: number, noise = 0.01): RunRecord {
  const { preset, overrides = {}, effect = 0, gain, tokens = 1000 } = arm;
  const config = configForPreset(preset, { ...overrides, worldSeed: seed, initSeed: seed, runSeed: seed });
  const shared = 0.08 * new PhiloxStream(seed, PURPOSES.sweep).normal();
  const row = new TextEncoder().encode(JSON.stringify(arm)).reduce((hash, byte) => (hash * 31 + byte) >>> 0, 7);
  const own = new PhiloxStream(seed, PURPOSES.sweep, row);
  const em = (update: number) => {
    const share = update / UPDATES;
    return 0.2 + (1 - Math.exp(-3 * share)) * 0.5 + shared + effect * share + noise * own.normal();
  };
  const evaluations = Array.from({ length: UPDATES / EVERY + 1 }, (_, i) => {
    const update = i * EVERY;
    const emSampled = em(update);
    return {
      update,
      questions: 2000,
      sampledTokens: update * tokens,
      emSampled,
      emGreedy: emSampled + 0.1,
      emSampledRefined: gain === undefined ? null : emSampled + gain,
      emGreedyRefined: gain === undefined ? null : emSampled + 0.1 + gain / 2,
      densitySampled: emSampled * 0.9,
      coverageSampled: Math.min(1, emSampled + 0.2),
      ...(gain === undefined ? {} : { emT25: 0.3, emT50: 0.6, emT75: 0.5, emT50Refined: 0.65 }),
      ...(gain === undefined ? {} : { emSampledWithinType: 0.4, emSampledRefinedWithinType: 0.4 + gain }),
      ...(gain === undefined ? {} : { emSampledAcrossTypes: 0.8, reviewAucAcrossTypes: 0.9 }),
      ...(gain === undefined ? {} : { emHop1Sampled: 0.8, emHop3Sampled: null, emHop4Greedy: 0.2 }),
      ...(gain === undefined ? {} : { reviewAuc: 0.5 + 4 * gain, reviewAucReader: 0.99, cutHit: null }),
    };
  });
  const curves = Array.from({ length: 20 }, (_, i) => {
    const update = 2 * (i + 1);
    const emDraft = em(update);
    return {
      update,
      sampledTokens: update * tokens,
      emDraft,
      emFinal: emDraft + (gain ?? 0),
      revisionRate: gain === undefined ? 0 : 0.4,
      revisionRateWrong: gain === undefined ? 0 : 0.6 + 0.005 * update,
      revisionRateRight: gain === undefined ? 0 : 0.3 - 0.005 * update,
      savedRate: gain ?? 0,
      harmedRate: 0,
      wastedRate: 0.1,
      missedRate: 0.2,
      reviewAccuracy: 0.5,
    };
  });
  return readRecord(
    {
      format: RECORD_FORMAT,
      program: '0.0.0',
      world: 'microwiki',
      config,
      base: 'warm',
      adapter: 'fake',
      parameters: 1000,
      updates: UPDATES,
      weightsHash: '0'.repeat(16),
      ceilings: { perfectReaderEm: 0.96, supportingShare: 0.8 },
      evaluations,
      curves,
      theory: gain === undefined ? [] : [{ update: UPDATES, jBase: 0.7, jMeta: 0.7 + gain, aPrec: gain / 2 }],
    },
    `fake ${preset} ${seed}`,
  );
}

export function fakeStudy(arms: readonly FakeArm[], seeds: number): RunRecord[] {
  return arms.flatMap((arm) => Array.from({ length: seeds }, (_, i) => fakeRun(arm, i + 1)));
}
