/** What a person reads while the bench runs. */
import type { CountedRun } from './count';
import type {
  GrowthRow,
  GrpoResult,
  KernelRow,
  RefinersResult,
  Report,
  RooflineResult,
  WorkResult,
  WorldRow,
} from './results';
import { spread, type Lap, type Spread } from './statistics';
import { short, table } from './table';

const MEGA = 2 ** 20;

export function heading(report: Report): string {
  const { adapter, runtime, dawn, cores, versions, missing, draw, ratio } = report;
  const engines = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `adapter: ${adapter.description || `${adapter.vendor} ${adapter.architecture}`}${adapter.software ? ' (software)' : ''}`,
    `${runtime}${dawn === null ? '' : `, webgpu ${dawn}`}, ${cores} cores; ${engines.join(', ')}; --draw ${draw}`,
    ratio === 'norm'
      ? 'norm = work x cores / CPU seconds, which other load does not disturb: it counts on a software adapter'
      : 'wall-clock time counts on a GPU; norm = work x cores / CPU seconds says what the host pays',
    ...missing.map(({ engine, error }) => `${engine} DOES NOT START: ${error}`),
  ].join('\n');
}

function times({ median, min, max }: Spread): string {
  return `${median.toFixed(2)}x (${min.toFixed(2)}-${max.toFixed(2)})`;
}

function counted(counts: CountedRun): string {
  return [counts.dispatches, counts.submits, counts.bindGroups, counts.buffers, counts.pipelines, counts.reads].join(
    '/',
  );
}

export function workTable(result: WorkResult, { versions, ratio }: Report): string {
  const { work, title, drawn, unit, amount, flops, rounds, repeats } = result;
  const rows = result.engines.map(({ engine, summary, counts, coldMs, pipelines, bytesBefore, equality, ratios }) => [
    `${engine} ${versions[engine] ?? ''}`,
    short(summary.ms.median),
    short(summary.cpuMs?.median ?? null),
    short(summary.rate),
    short(summary.norm),
    short(((ratio === 'norm' ? summary.norm : summary.rate) ?? NaN) * (flops / amount / 1e9)),
    (coldMs / 1000).toFixed(2),
    String(pipelines),
    counted(counts),
    short((counts.peakBytes - bytesBefore) / MEGA),
    equality === null ? '' : short(equality.maxDifference),
    equality === null ? '' : equality.equal ? 'yes' : 'NO',
    ratios?.cpu ? times(ratios.cpu) : '',
    ratios === null ? '' : times(ratios.wall),
  ]);
  const heads = [
    'engine',
    'ms',
    'CPU ms',
    `${unit}/s`,
    `norm ${unit}/s`,
    ratio === 'norm' ? 'norm GFLOP/s' : 'GFLOP/s',
    'first s',
    'pipelines',
    'disp/sub/groups/buf/pipe/reads',
    'MiB',
    'max diff',
    'equal',
    'ours, by norm',
    'ours, by wall',
  ];
  // A product's own unit is operations.
  const columns = heads.flatMap((_, c) => (unit === 'GFLOP' && c === 5 ? [] : [c]));
  const pick = (cells: readonly string[]) => columns.map((c) => cells[c] ?? '');
  const failures = result.failures.map(({ engine, error }) => `  ${engine} FAILED: ${error}`);
  const losses = result.engines.flatMap(({ engine, equality }) =>
    equality === null || equality.equal || equality.losses === null
      ? []
      : [`  ${engine}: losses ${equality.losses.theirs.join(' ')}, ours ${equality.losses.ours.join(' ')}`],
  );
  return [
    `${work}${drawn ? ' (drawn)' : ''}: ${title}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}${repeats > 1 ? ` of ${repeats} runs` : ''}`,
    table(pick(heads), rows.map(pick)),
    ...failures,
    ...losses,
  ].join('\n');
}

function lapSpread(laps: readonly Lap[]): string {
  const ms = spread(laps.map((lap) => lap.ms));
  return `${short(ms.median)} ms (${short(ms.min)}-${short(ms.max)})`;
}

export function grpoTable(grpo: GrpoResult): string {
  const { title, laps, phases, counts, liveBytes, coldMs } = grpo;
  const rows = phases.map(({ phase, ms, cpuMs }) => {
    const share = spread(ms.map((value, i) => value / (laps[i]?.ms ?? NaN))).median;
    return [
      phase,
      short(spread(ms).median),
      cpuMs === null ? '-' : short(spread(cpuMs).median),
      `${(100 * share).toFixed(1)} %`,
    ];
  });
  const grows = liveBytes.some((bytes) => bytes !== liveBytes[0]);
  return [
    `grpo: ${title}; ${laps.length} updates of ${lapSpread(laps)}, the first ${(coldMs / 1000).toFixed(1)} s`,
    table(['phase', 'ms', 'CPU ms', 'share'], rows),
    `  an update: ${counts.dispatches} dispatches, ${counts.submits} submits, ${counts.reads} reads, ${counts.buffers} new buffers, ` +
      `${counts.bindGroups} new bind groups, ${counts.pipelines} new pipelines; ` +
      `${short((liveBytes[0] ?? NaN) / MEGA)} MiB alive${grows ? ', GROWING' : ' after each'}`,
  ].join('\n');
}

export function refinersTable({ title, arms }: RefinersResult): string {
  const rows = arms.map(({ arm, laps, ratios: { wall, cpu } }) => [
    arm,
    short(spread(laps.map(({ ms }) => ms)).median),
    short(spread(laps.map(({ cpuMs }) => cpuMs ?? NaN)).median),
    cpu === null ? '' : times(cpu),
    times(wall),
  ]);
  return [
    `refiners: ${title}; ${arms[0]?.laps.length ?? 0} rounds, in turn`,
    table(['arm', 'ms', 'CPU ms', `of ${arms[0]?.arm ?? ''}, by CPU`, 'by wall'], rows),
  ].join('\n');
}

export function growthTable(rows: readonly GrowthRow[]): string {
  return table(
    ['work', 'along', 'B', 'T', 'width', 'tokens', 'ms', 'CPU ms', 'tok/s', 'norm tok/s', ''],
    rows.map(({ work, along, batch, length, width, tokens, result, refused }) => [
      work,
      along,
      String(batch),
      String(length),
      String(width),
      short(tokens),
      short(result?.ms.median ?? null),
      short(result?.cpuMs?.median ?? null),
      short(result?.rate ?? null),
      short(result?.norm ?? null),
      refused === null ? '' : `refused: ${refused}`,
    ]),
    2,
  );
}

export function worldsTable(rows: readonly WorldRow[]): string {
  const retrieval = (row: WorldRow | undefined) => row?.askedMs?.median ?? NaN;
  const growth = retrieval(rows.at(-1)) / retrieval(rows[0]);
  const lines = rows.map((row) => [
    String(row.facts),
    String(row.names),
    String(row.passages),
    short(row.indexBytes / MEGA),
    ...[row.openMs, row.worldMs.median, row.putMs.median, row.batchMs].map(short),
    short(row.searches),
    row.em.toFixed(2),
    short(row.rolloutMs.median),
    ...[row.retrievalMs, row.askedMs].map((ms) => (ms === null ? '-' : `${short(ms.median)} (${short(ms.min)})`)),
  ]);
  const heads = [
    ...['facts', 'names', 'passages', 'index MiB', 'open ms', 'world ms', 'to GPU ms', 'batch ms'],
    ...['searches', 'EM', 'rollout ms', 'retrieval ms (least)', 'of 256 right searches (least)'],
  ];
  return [
    'worlds: search-r2, tiny, 8 x 8 rows, a base warm-started in each',
    table(heads, lines),
    ...(Number.isFinite(growth)
      ? [`  retrieval of the same searches at the most facts is ${growth.toFixed(2)} times that at the fewest`]
      : []),
  ].join('\n');
}

export function rooflineTable({ gflops, gbs, kernels }: RooflineResult): string {
  const row = (kernel: KernelRow): string[] => [
    kernel.kernel,
    String(kernel.count),
    short(kernel.ms),
    short(kernel.ms / kernel.count),
    short(kernel.gflops),
    `${((100 * kernel.gflops) / gflops).toFixed(0)} %`,
    short(kernel.gbs),
    `${((100 * kernel.gbs) / gbs).toFixed(0)} %`,
  ];
  const works = [...new Set(kernels.map(({ work }) => work))];
  return [
    `roofline: ${short(gflops)} GFLOP/s of multiply-adds, ${short(gbs)} GB/s copied`,
    kernels.length === 0
      ? '  This adapter has no timestamp-query, so there is no table by kernel.'
      : works
          .map((work) => {
            const rows = kernels.filter((kernel) => kernel.work === work).map(row);
            return `\n${work}\n${table(['kernel', 'runs', 'ms', 'ms each', 'GFLOP/s', 'of peak', 'GB/s', 'of peak'], rows, 1)}`;
          })
          .join('\n'),
  ].join('\n');
}
