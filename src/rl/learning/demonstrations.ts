/** What the warm start imitates, and how fast (method.md section 7). */
import { demonstrate, reviewTarget, type DemonstratorErrors } from '../../env/demonstrator';
import type { WorldPool } from '../../env/pool';
import { drawQuestion } from '../../env/questions';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import type { Sequence } from './pack';

export interface WarmStartOptions {
  batches: number;
  batchSize: number;
  learningRate: number;
  judgeAccuracy: number;
  reviewTokenWeight: number;
  errors: DemonstratorErrors;
  minHops: number;
  maxHops: number;
  runSeed: number;
}

interface Target {
  target: number;
  weight: number;
}

/** Batches over which the learning rate rises linearly. */
const RAMP = 50;
const FLOOR = 1e-5;

/** Rises to the given rate, and falls along a cosine over all batches. */
export function warmStartRate(batch: number, { learningRate, batches }: WarmStartOptions): number {
  const ramp = Math.min(1, (batch + 1) / RAMP);
  const cosine = 0.5 * (1 + Math.cos((Math.PI * batch) / batches));
  return learningRate * ramp * cosine + FLOOR;
}

/** Demonstrations with their reviews: every token that the policy is to write, and the integer that the review is to say. */
export function demonstrations(pool: WorldPool, batch: number, options: WarmStartOptions): Sequence<Target>[] {
  const { batchSize, runSeed, minHops, maxHops, errors, judgeAccuracy, reviewTokenWeight } = options;
  pool.redraw(batch);
  return Array.from({ length: batchSize }, (_, row) => {
    const stream = new PhiloxStream(runSeed, PURPOSES.warmStart, row, batch);
    const world = pool.member(stream.int(pool.size));
    const chain = drawQuestion(world, stream, maxHops, minHops);
    const shown = demonstrate(world, chain, stream, errors);
    const verdict = reviewTarget(world, chain, shown, stream, judgeAccuracy);
    const { special } = world.schema.vocabulary;
    const tokens = [...shown.tokens, special.review];
    const items: (Target & { position: number })[] = [];
    shown.policyMask.forEach((mask, t) => {
      if (mask === 1) items.push({ position: t - 1, target: tokens[t] ?? 0, weight: 1 });
    });
    items.push({
      position: tokens.length - 1,
      target: special.integers[verdict] ?? special.integers[0],
      weight: reviewTokenWeight,
    });
    return { tokens, length: tokens.length, items };
  });
}
