/** How the cost of our engine grows with batch, length and width, one of them at a time. */
import { UserError } from '../../src/lib/assert';
import type { TransformerShape } from '../../src/models/parameters';
import type { Bench } from './compare';
import type { Task } from './contender';
import type { GrowthRow } from './results';
import { race } from './rounds';
import { summarise } from './statistics';
import { decodeItem, trainItem, type Item } from './works';

/** The default model's size, where the sweeps meet. */
const CENTRE = { batch: 64, length: 128, width: 64 };
const LAYERS = 3;
const BATCHES = [32, 64, 128, 256, 512, 1024];
const LENGTHS = [64, 96, 128, 192, 256];
const WIDTHS = [32, 64, 96, 128, 192, 256];
const GROWTH_ROUNDS = 3;

type Point = Omit<GrowthRow, 'work' | 'tokens' | 'result' | 'refused'>;

function points(quick: boolean): Point[] {
  const along = (name: 'batch' | 'length' | 'width', values: readonly number[], axis: GrowthRow['along']) =>
    (quick ? values.slice(0, 2) : values).map((value): Point => ({ ...CENTRE, [name]: value, along: axis }));
  return [
    ...along('batch', BATCHES, 'B'),
    ...along('length', LENGTHS, 'T'),
    ...along('width', WIDTHS, 'width'),
    // The far corner, which a device with default limits does not take.
    { batch: 1024, length: 256, width: 256, along: 'all' },
  ];
}

function shapeOf(width: number): TransformerShape {
  return {
    vocab: 256,
    width,
    layers: LAYERS,
    heads: 4,
    kvHeads: 4,
    headDim: width / 4,
    // 2.625 times the width, as in the default model.
    ffn: Math.ceil((width * 2.625) / 4) * 4,
    ropeTheta: 10_000,
    rmsEps: 1e-5,
  };
}

/** Rows for training steps (one batch of B sequences of T tokens) and for decoding (B rows of T tokens). */
export async function measureGrowth(bench: Bench, quick: boolean): Promise<GrowthRow[]> {
  const engine = bench.engines.get('cutpoint');
  if (engine === undefined) return [];
  const rows: GrowthRow[] = [];
  // The sweeps meet in the centre, which is measured once.
  const known = new Map<string, GrowthRow[]>();
  for (const point of points(quick)) {
    const { batch, length, width } = point;
    const shape = shapeOf(width);
    const key = `${batch} ${length} ${width}`;
    const measured = known.get(key) ?? [
      await measure(bench, 'train', point, trainItem({ shape, sequences: batch, length }, false), (work) =>
        engine.train(work),
      ),
      await measure(bench, 'decode', point, decodeItem({ shape, rows: batch, steps: length }, false), (work) =>
        engine.decode(work),
      ),
    ];
    known.set(key, measured);
    rows.push(...measured.map((row) => ({ ...row, along: point.along })));
  }
  return rows;
}

async function measure<W>(
  { host, counter, rounds, leastMs }: Bench,
  work: GrowthRow['work'],
  point: Point,
  item: Item<W>,
  open: (work: W) => Promise<Task>,
): Promise<GrowthRow> {
  counter.turn('cutpoint');
  const row = { work, ...point, tokens: item.amount };
  host.note(`  ${work}: B ${point.batch}, T ${point.length}, width ${point.width}`);
  try {
    const task = await open(item.make());
    try {
      await task.run();
      const run = () => task.run();
      const { laps } = await race(host, [{ name: 'cutpoint', run }], Math.min(rounds, GROWTH_ROUNDS), leastMs);
      return { ...row, result: summarise(laps.get('cutpoint') ?? [], item.amount, host.cores), refused: null };
    } finally {
      task.dispose();
    }
  } catch (error) {
    // A UserError says what the device cannot hold, a RangeError what it cannot dispatch; anything else is a fault.
    if (!(error instanceof UserError || error instanceof RangeError)) throw error;
    return { ...row, result: null, refused: error.message };
  }
}
