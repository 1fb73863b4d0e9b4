import type { Host } from './host';
import type { Lap } from './statistics';

export interface Racer {
  name: string;
  run: () => Promise<void>;
}

/** A work whose rounds take longer than this altogether gets fewer, but at least LEAST_ROUNDS. */
const BUDGET_MS = 240_000;
const LEAST_ROUNDS = 3;
const MOST_REPEATS = 200;

export async function timed(host: Host, run: () => Promise<void>): Promise<Lap> {
  const cpuBefore = await host.cpuSeconds();
  const before = performance.now();
  await run();
  const ms = performance.now() - before;
  const cpuAfter = await host.cpuSeconds();
  return { ms, cpuMs: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) * 1000 };
}

export interface Race {
  laps: Map<string, Lap[]>;
  /** Runs of the work in each lap, the same for all. */
  repeats: number;
  rounds: number;
}

/**
 * Times the racers in turn, round after round, forward and backward by turns, so that whatever changes on the machine
 * meets all of them. Each must be warm. A lap repeats the work until the fastest racer is busy for `leastMs`.
 */
export async function race(host: Host, racers: readonly Racer[], rounds: number, leastMs: number): Promise<Race> {
  const trial: number[] = [];
  for (const { run } of racers) trial.push((await timed(host, run)).ms);
  const repeats = Math.min(MOST_REPEATS, Math.max(1, Math.round(leastMs / Math.min(...trial))));
  const roundMs = trial.reduce((a, b) => a + b, 0) * repeats;
  const affordable = Math.max(LEAST_ROUNDS, Math.floor(BUDGET_MS / roundMs));
  const done = Math.min(rounds, affordable);
  if (done < rounds) host.note(`  a round takes ${(roundMs / 1000).toFixed(0)} s: ${done} rounds instead of ${rounds}`);
  const laps = new Map(racers.map(({ name }): [string, Lap[]] => [name, []]));
  for (let round = 0; round < done; round++) {
    for (const { name, run } of round % 2 === 0 ? racers : racers.toReversed()) {
      const lap = await timed(host, async () => {
        for (let i = 0; i < repeats; i++) await run();
      });
      laps.get(name)?.push({ ms: lap.ms / repeats, cpuMs: lap.cpuMs === null ? null : lap.cpuMs / repeats });
    }
  }
  return { laps, repeats, rounds: done };
}
