import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Host } from './host';
import { race } from './rounds';

const said: string[] = [];
let cpu = 0;
const host: Host = {
  runtime: 'test',
  dawn: null,
  cores: 2,
  promptCpu: true,
  cpuSeconds: () => Promise.resolve(cpu),
  readPublic: () => Promise.reject(new Error('no files')),
  say: () => undefined,
  note: (line) => said.push(line),
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  said.length = 0;
  cpu = 0;
});
afterEach(() => vi.useRealTimers());

/** Racers that take a set time by the clock and twice that by the CPU, and note when it is their turn. */
function racers(turns: string[], times: Readonly<Record<string, number>>) {
  return Object.entries(times).map(([name, ms]) => ({
    name,
    run: () => {
      turns.push(name);
      vi.advanceTimersByTime(ms);
      cpu += (2 * ms) / 1000;
      return Promise.resolve();
    },
  }));
}

it('goes forward and backward by turns after a trial of each', async () => {
  const turns: string[] = [];
  const { laps, rounds, repeats } = await race(host, racers(turns, { a: 100, b: 300, c: 200 }), 3, 50);
  expect(turns.join('')).toBe('abc' + 'abc' + 'cba' + 'abc');
  expect({ rounds, repeats }).toEqual({ rounds: 3, repeats: 1 });
  expect(laps.get('b')?.map(({ ms }) => ms)).toEqual([300, 300, 300]);
  expect(laps.get('b')?.map(({ cpuMs }) => Math.round(cpuMs ?? NaN))).toEqual([600, 600, 600]);
});

it('repeats short work alike for all until the fastest is busy long enough, and counts per run', async () => {
  const turns: string[] = [];
  const { laps, repeats } = await race(host, racers(turns, { a: 10, b: 40 }), 2, 50);
  expect(repeats).toBe(5);
  expect(turns).toHaveLength(2 + 2 * 2 * 5);
  expect(laps.get('a')?.[0]?.ms).toBeCloseTo(10);
});

it('takes fewer rounds, but never less than three, where they would last too long, and says so', async () => {
  const slow = await race(host, racers([], { a: 30_000, b: 30_000 }), 10, 50);
  expect(slow.rounds).toBe(4);
  const slower = await race(host, racers([], { a: 200_000 }), 10, 50);
  expect(slower.rounds).toBe(3);
  expect(said[0]).toContain('4 rounds instead of 10');
});
