/** What a sweep of all cuts takes over the server, beside the same sweep in the engine. */
import { defaultConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { UserError } from '../../lib/assert';
import { Learner } from '../../rl/learning/learner';
import { refinedRollout } from '../../rl/learning/refined-rollout';
import { Rollout } from '../../rl/rollout/rollout';
import { everyCut, sweepCuts, type Drafts } from '../../rl/rollout/sweep';
import { WorldIndex } from '../../rl/rollout/world-index';
import { OWN_LIVE_FORMAT } from '../../rollouts/live/formats';
import { liveServer } from '../../rollouts/live/live-server';
import { regenerate } from '../../rollouts/live/regenerate';
import { seedOf } from '../../rollouts/live/served-seed';
import { trajectoryLines } from '../../trainer/state/trajectory-jsonl';
import type { ServedModel } from './open-model';

const REPLICATES = 16;
const ROUNDS = 30;

/** Least of all sweeps: what other work on the machine has slowed least. */
export interface SweepCost {
  ms: number;
  /** Processor time of this process in milliseconds; a software adapter computes in it. */
  cpuMs: number;
}

export interface SweepTimes {
  cuts: number;
  replicates: number;
  /** Sweeps of each, after one that does not count. */
  rounds: number;
  engine: SweepCost;
  server: SweepCost;
  /** Of the regenerations, those whose exact match is the same in all of them: all. */
  equal: number;
  /** Of each round: of the page, where it is asked too, in milliseconds, beside the engine's. */
  page: { ms: number; times: number }[];
}

/** Opens a file of one trajectory, and gives what sweeps it: its time, and exact match by cut and replicate. */
export type OpenPage = (line: string) => Promise<() => Promise<{ ms: number; em: readonly number[] }>>;

/** @throws UserError where the model writes no draft of five steps */
export async function measureSweep(
  model: ServedModel,
  url: string,
  gpu: Gpu,
  openPage?: OpenPage,
): Promise<SweepTimes> {
  const { config, family, params, pool } = model;
  const learner = new Learner(gpu, { ...defaultConfig, ...config }, family);
  try {
    await learner.compile();
    learner.startFrom(params);
    const { recorder, readback, owner, table, positions } = learner;
    const rows = learner.questions(0);
    const rollout = await refinedRollout(learner.rollout, learner.optimizer.params, rows, {
      ...learner.rolloutOptions(0),
      review: null,
    });
    const { draft } = rollout;
    const place = draft.stepCounts.indexOf(MAX_STEPS);
    const row = rows[place];
    if (row === undefined) throw new UserError('None of the drafts has five steps.', 'Measure another model.');
    const one = oneDraft(draft, place, positions);
    // As Cut Lab has it: a batch of its own, as large as a sweep.
    const index = new WorldIndex(gpu.device, owner, pool.member(0), 1);
    const shape = {
      batch: MAX_STEPS * REPLICATES,
      positions,
      maxRevisions: 1,
      separateRefiner: false,
      stepReader: null,
    };
    const bench = new Rollout(recorder, readback, owner, table, family.schema.vocabulary, index, shape);
    bench.halfCache = learner.rollout.halfCache;
    bench.atOnce = learner.rollout.atOnce;
    const { runSeed, process, combine } = learner.config;
    const cuts = everyCut(one);
    let em = new Uint8Array(0);
    const engine = async () => {
      const result = await sweepCuts(bench, learner.optimizer.params, [{ ...row, slot: 0 }], one, cuts, {
        ...{ runSeed, update: 0, replicates: REPLICATES, reward: { process, combine } },
      });
      em = result.em;
    };
    const { strings, entityBase } = family.schema.vocabulary;
    const words = Array.from(one.tokens, (token) => strings[token] ?? '');
    const right = strings[entityBase + row.chain.answer];
    const served = new Uint8Array(cuts.length * REPLICATES);
    const server = async () => {
      const post = liveServer((path, body, signal) => send(url, path, body, signal), null);
      const beginnings = cuts.map(({ step }) => ({
        text: words.slice(0, one.stepStarts[step - 1] ?? 0).join(' '),
        searches: step - 1,
      }));
      await regenerate(post, beginnings, {
        ...{ format: OWN_LIVE_FORMAT, world: row.world.seed, replicates: REPLICATES, temperature: 1 },
        seed: seedOf({ runSeed, row: row.logicalRow, replicate: 0 }),
        signal: new AbortController().signal,
        onRow: ({ cut, replicate, answer }) => void (served[cut * REPLICATES + replicate] = answer === right ? 1 : 0),
      });
    };
    const zeros = new Float64Array(rows.length);
    const report = { update: 1, rollout, rows, advantages: zeros, reviewAdvantages: [zeros] };
    const line = [...trajectoryLines(report, positions, runSeed)][place] ?? '';
    const sweepPage = await openPage?.(line);
    const costs: Record<'engine' | 'server', SweepCost[]> = { engine: [], server: [] };
    const page: SweepTimes['page'] = [];
    let shown: readonly number[] | null = null;
    // In turns, so that what slows the machine slows both; the first round compiles.
    for (let round = 0; round <= ROUNDS; round++) {
      const [own, other] = [await costOf(engine), await costOf(server)];
      const swept = await sweepPage?.();
      shown = swept?.em ?? null;
      if (round === 0) continue;
      if (swept) page.push({ ms: swept.ms, times: swept.ms / own.ms });
      costs.engine.push(own);
      costs.server.push(other);
    }
    const equal = em.reduce(
      (sum, value, i) => sum + Number(value === served[i] && (shown === null || value === shown[i])),
      0,
    );
    return {
      ...{ cuts: cuts.length, replicates: REPLICATES, rounds: ROUNDS, equal, page },
      ...{ engine: least(costs.engine), server: least(costs.server) },
    };
  } finally {
    learner.destroy();
  }
}

function least(costs: readonly SweepCost[]): SweepCost {
  return { ms: Math.min(...costs.map(({ ms }) => ms)), cpuMs: Math.min(...costs.map(({ cpuMs }) => cpuMs)) };
}

async function costOf(work: () => Promise<void>): Promise<SweepCost> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function oneDraft(draft: Drafts, place: number, positions: number): Drafts {
  const part = <A extends { slice(from: number, to: number): A }>(list: A, width: number): A =>
    list.slice(place * width, (place + 1) * width);
  return {
    tokens: part(draft.tokens, positions),
    logProbs: part(draft.logProbs, positions),
    entropies: part(draft.entropies, positions),
    stepStarts: part(draft.stepStarts, MAX_STEPS),
    stepCounts: part(draft.stepCounts, 1),
    passages: part(draft.passages, draft.passages.length / draft.stepCounts.length),
  };
}

function send(url: string, path: string, body: object | null, signal: AbortSignal): Promise<Response> {
  return fetch(`${url}${path === 'retriever' ? '/retrieve' : '/v1/completions'}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}
