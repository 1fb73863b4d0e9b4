/** One work on all engines: set up, compare with ours, count one run, then race. */
import type { Contender, DecodeWork, MatmulWork, Task, TrainWork } from './contender';
import type { CountedRun, GpuCounter } from './count';
import type { Host } from './host';
import type { EngineName, WorkName } from './options';
import type { EngineFailure, EngineResult, Equality, WorkResult } from './results';
import { race } from './rounds';
import { difference, ratios, summarise } from './statistics';
import { decodeCheckTokens, type Item } from './works';

/** Of logits and losses in float32 that were summed in another order, after a few steps of Adam. */
const TOLERANCE = { rtol: 2e-3, atol: 2e-3 };
const STEPS = 3;

/** What an engine computed: compared with what ours did. */
interface Evidence {
  values: Float32Array;
  losses: readonly number[] | null;
}

export interface Bench {
  host: Host;
  counter: GpuCounter;
  engines: ReadonlyMap<EngineName, Contender>;
  rounds: number;
  leastMs: number;
}

/** How one kind of work is set up on an engine and what shows that it is done right. */
interface Kind<W, T extends Task> {
  work: WorkName;
  open(engine: Contender, work: W): Promise<T>;
  /** Called after the first run; may run the task again. */
  prove(task: T, work: W): Promise<Evidence>;
}

interface Entrant {
  engine: EngineName;
  task: Task;
  coldMs: number;
  pipelines: number;
  bytesBefore: number;
  equality: Equality | null;
  counts: CountedRun;
}

async function compare<W, T extends Task>(bench: Bench, kind: Kind<W, T>, item: Item<W>): Promise<WorkResult> {
  const { host, counter, engines } = bench;
  const work = item.make();
  const entrants: Entrant[] = [];
  const failures: EngineFailure[] = [];
  let ours: Evidence | null = null;
  for (const [engine, contender] of engines) {
    host.note(`  ${kind.work}, ${item.title}: ${engine}`);
    counter.turn(engine);
    const bytesBefore = counter.liveBytes(engine);
    try {
      const start = performance.now();
      const [task, { pipelines }] = await counter.count(engine, async () => {
        const opened = await kind.open(contender, work);
        await opened.run();
        return opened;
      });
      const coldMs = performance.now() - start;
      const evidence = await kind.prove(task, work);
      ours ??= evidence;
      const equality = engine === 'cutpoint' ? null : judge(ours, evidence);
      const [, counts] = await counter.count(engine, () => task.run());
      entrants.push({ engine, task, coldMs, pipelines, bytesBefore, equality, counts });
    } catch (error) {
      failures.push({ engine, error: error instanceof Error ? error.message : String(error) });
      // Without ours there is nothing to compare with.
      if (engine === 'cutpoint') break;
    }
  }
  const racers = entrants.map(({ engine, task }) => ({
    name: engine,
    run: () => {
      counter.turn(engine);
      return task.run();
    },
  }));
  const { laps, repeats, rounds } = await race(host, racers, bench.rounds, bench.leastMs);
  for (const { engine, task } of entrants) {
    counter.turn(engine);
    task.dispose();
  }
  const ourLaps = laps.get('cutpoint') ?? [];
  const results = entrants.map(({ engine, coldMs, pipelines, bytesBefore, equality, counts }): EngineResult => {
    const own = laps.get(engine) ?? [];
    return {
      engine,
      coldMs,
      pipelines,
      counts,
      bytesBefore,
      laps: own,
      summary: summarise(own, item.amount, host.cores),
      equality,
      ratios: engine === 'cutpoint' ? null : ratios(ourLaps, own),
    };
  });
  const { title, drawn, unit, amount, flops } = item;
  return { work: kind.work, title, drawn, unit, amount, flops, rounds, repeats, engines: results, failures };
}

function judge(ours: Evidence, theirs: Evidence): Equality {
  const values = difference(theirs.values, ours.values, TOLERANCE);
  if (ours.losses === null || theirs.losses === null) {
    return { equal: values.equal, maxDifference: values.max, losses: null };
  }
  const losses = difference(theirs.losses, ours.losses, TOLERANCE);
  return {
    equal: values.equal && losses.equal,
    maxDifference: values.max,
    losses: { ours: ours.losses, theirs: theirs.losses },
  };
}

export function compareMatmul(bench: Bench, item: Item<MatmulWork>): Promise<WorkResult> {
  return compare(
    bench,
    {
      work: 'matmul',
      open: (engine, work) => engine.matmul(work),
      prove: async (task) => ({ values: await task.result(), losses: null }),
    },
    item,
  );
}

/** The losses of the first steps, then the logits under the weights that these left: a wrong gradient would show. */
export function compareTrain(bench: Bench, item: Item<TrainWork>): Promise<WorkResult> {
  return compare(
    bench,
    {
      work: 'train',
      open: (engine, work) => engine.train(work),
      prove: async (task) => {
        const losses = [await task.loss()];
        while (losses.length < STEPS) {
          await task.run();
          losses.push(await task.loss());
        }
        return { values: await task.logits(), losses };
      },
    },
    item,
  );
}

export function compareDecode(bench: Bench, item: Item<DecodeWork>): Promise<WorkResult> {
  return compare(
    bench,
    {
      work: 'decode',
      open: (engine, work) => engine.decode(work),
      prove: async (task, work) => ({ values: await task.logits(decodeCheckTokens(work)), losses: null }),
    },
    item,
  );
}
