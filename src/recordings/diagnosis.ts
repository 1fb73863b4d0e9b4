/**
 * What goes wrong in a run, told from its numbers alone (docs/metrics.md). Each detector is a pure function of the history; the
 * words about what it finds are in src/lessons/failure-words.ts.
 */
import type { RunConfig, SettingKey } from '../config/schema';
import { mean } from '../lib/stats';
import type { MetricRow } from './metric-history';

export const FAILURE_IDS = [
  'exploding',
  'klRunaway',
  'deadGroups',
  'entropyCollapse',
  'stuffing',
  'repeatedSearch',
  'acceptAll',
  'rejectAll',
  'sameCut',
] as const;
export type FailureId = (typeof FAILURE_IDS)[number];

/** Updates that are looked at together: one update of a small run is noise. */
export const WINDOW = 10;

/**
 * From where on something is a failure. "Healthy" are the runs that diagnosis.test.ts reads: twenty short ones with 64
 * trajectories an update, and those of docs/results/runs.jsonl.
 */
export const LIMITS = {
  /** L2 norm. A healthy gradient is near 1, where it begins to be shortened; single ones of 3 happen. */
  gradNorm: 10,
  /** Nats per token. Healthy windows stay below 0.17 over 80 updates. */
  klK3: 0.3,
  /** Share of groups. Healthy windows stay below 0.5 with groups of eight. */
  deadGroups: 0.6,
  /** Where that many answers are right, equal groups and a low entropy are what success looks like. */
  learnt: 0.7,
  /** Nats per token. Healthy runs begin near 0.37, and are below 0.07 only where more than 0.7 of the answers are right. */
  entropy: 0.07,
  /** Reward for wrong answers, as a share of all reward. It is 0 by construction where process is gated by the answer. */
  unearned: 0.25,
  /** Exact match from one window to the next: while it rises by so much, the reward does its work. */
  rising: 0.04,
  /** Share of searches that bring nothing but what was there. Healthy windows begin near 0.1 and fall. */
  repeatedSearch: 0.2,
  /** Share of drafts that are cut. Healthy: 0.2 to 0.8. */
  acceptAll: 0.02,
  /** Share of drafts that are wrong and accepted: only then is accepting all of them a loss. */
  missed: 0.1,
  /** Share of right drafts that are cut. Healthy: at most 0.61. */
  rejectAll: 0.85,
  /** Share of all cuts that are made at one step. Healthy: at most 0.7. */
  sameCut: 0.9,
  /** Cuts must be made at all, and searches too: a draft of one search has nowhere else to be cut. */
  someCuts: 0.1,
  someSearches: 1.5,
} as const;

type History = readonly Pick<MetricRow, 'update' | 'metrics'>[];

export interface Failure {
  id: FailureId;
  /** Numbers that show it, for the places in its words; each is a mean over the window unless its name says otherwise. */
  evidence: Readonly<Record<string, number>>;
  /** The setting to turn. */
  knob: SettingKey;
}

/** What a detector looks at. */
interface Look {
  config: RunConfig;
  /** Mean over the window, of the updates that have the metric; NaN where none has. */
  now: (metric: string) => number;
  /** The same over the window before; NaN where that is not full. */
  before: (metric: string) => number;
  largest: (metric: string) => number;
}

type Found = Omit<Failure, 'id'> | null;

/** NaN passes no limit: a run that lacks a metric is not accused. */
const DETECTORS: Readonly<Record<FailureId, (look: Look) => Found>> = {
  exploding({ now, largest, config }) {
    const most = largest('gradNorm');
    const knob = config.maxGradNorm === 0 ? 'maxGradNorm' : 'learningRate';
    return most >= LIMITS.gradNorm ? { evidence: { most, gradNorm: now('gradNorm') }, knob } : null;
  },
  klRunaway({ now, config }) {
    const [kl, em] = [now('klK3'), now('emFinal')];
    const knob = config.entropyBonus > 0 ? 'entropyBonus' : 'learningRate';
    return kl >= LIMITS.klK3 ? { evidence: { kl, em }, knob } : null;
  },
  deadGroups({ now, config }) {
    const [share, em] = [now('zeroVarianceGroups') / config.prompts, now('emFinal')];
    if (!(share >= LIMITS.deadGroups) || em >= LIMITS.learnt) return null;
    return { evidence: { share, em }, knob: 'groupSize' };
  },
  entropyCollapse({ now, config }) {
    const [entropy, em] = [now('entropy'), now('emFinal')];
    const knob = config.entropyBonus > 0 ? 'learningRate' : 'entropyBonus';
    if (!(entropy <= LIMITS.entropy) || em >= LIMITS.learnt) return null;
    return { evidence: { entropy, em }, knob };
  },
  stuffing({ now, before }) {
    const [reward, em] = [now('rewardMean'), now('emFinal')];
    // Gated, a right answer earns at most 2 and a wrong one nothing: what is beyond that was paid for wrong answers.
    const unearned = (reward - 2 * em) / reward;
    if (!(unearned >= LIMITS.unearned && em - before('emFinal') < LIMITS.rising)) return null;
    return { evidence: { reward, em, unearned }, knob: 'combine' };
  },
  repeatedSearch({ now }) {
    const [share, searches] = [now('repeatedSearchRate'), now('searches')];
    if (!(share >= LIMITS.repeatedSearch)) return null;
    return { evidence: { share, searches }, knob: 'process' };
  },
  acceptAll({ now, config }) {
    const [cut, missed] = [now('revisionRate'), now('missedRate')];
    if (config.refiner === 'none' || !(cut <= LIMITS.acceptAll && missed >= LIMITS.missed)) return null;
    return { evidence: { cut, missed }, knob: gateKnob(config) };
  },
  rejectAll({ now, config }) {
    const [right, harmed] = [now('revisionRateRight'), now('harmedRate')];
    if (config.refiner === 'none' || !(right >= LIMITS.rejectAll)) return null;
    return { evidence: { right, harmed }, knob: gateKnob(config) };
  },
  sameCut({ now, config }) {
    const shares = [1, 2, 3, 4, 5].map((step) => now(`cutShare${step}`));
    const step = 1 + shares.indexOf(Math.max(...shares));
    const cut = now('revisionRate');
    const share = (shares[step - 1] ?? NaN) / cut;
    if (!(cut >= LIMITS.someCuts && now('searches') >= LIMITS.someSearches && share >= LIMITS.sameCut)) return null;
    const knob = config.reviewCut === 'model' ? 'reviewSamples' : 'reviewCut';
    return { evidence: { step, share }, knob };
  },
};

/** A gate that a setting holds is opened by that setting; one that was learnt so, by how much reviews learn. */
function gateKnob({ reviewGate }: RunConfig): SettingKey {
  return reviewGate === 'model' ? 'reviewWeight' : 'reviewGate';
}

/**
 * What is wrong now, the gravest first; nothing before WINDOW updates are there.
 *
 * @param history ascending by update
 */
export function diagnose(history: History, config: RunConfig): Failure[] {
  if (history.length < WINDOW) return [];
  const last = history.slice(-WINDOW);
  const previous = history.length < 2 * WINDOW ? [] : history.slice(-2 * WINDOW, -WINDOW);
  const look: Look = {
    config,
    now: (metric) => meanOf(last, metric),
    before: (metric) => meanOf(previous, metric),
    largest: (metric) => Math.max(...valuesOf(last, metric)),
  };
  return FAILURE_IDS.flatMap((id) => {
    const found = DETECTORS[id](look);
    return found === null ? [] : [{ id, ...found }];
  });
}

function valuesOf(rows: History, metric: string): number[] {
  return rows.flatMap(({ metrics }) => metrics[metric] ?? []);
}

function meanOf(rows: History, metric: string): number {
  const values = valuesOf(rows, metric);
  return values.length === 0 ? NaN : mean(values);
}
