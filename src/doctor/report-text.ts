/** A report as text to copy: aligned, within 100 columns, and at most some 60 lines where all is well. */
import { OPTIONAL_FEATURES, type KernelVariants } from '../gpu/device';
import type { LimitReading } from '../gpu/limits';
import type { VariantTrial, VariantTrials } from '../kernels/variants';
import type { KernelVerdict } from '../selftest/self-test';
import { PUBLISHED } from './published';
import { failedKernels, isHealthy, type AdapterReading, type DoctorReport, type SpeedReading } from './report';

const LABEL = 10;
const WIDTH = 100;
/** Problems that are written out. */
const MOST_PROBLEMS = 12;

/** @param report so far, or whole */
export function reportText(report: DoctorReport): string {
  const parts = [head(report), place(report), limits(report), kernels(report), speed(report), problems(report)];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `label` in a column of its own, and what is too long for a line under it. */
function entry(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && LABEL + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((text, i) => `${(i === 0 ? label : '').padEnd(LABEL)}${text}`);
}

function head(report: DoctorReport): string[] {
  const { cutpoint, checkpoints, date } = report;
  return [`Cutpoint doctor: ${verdict(report)}`, ...entry('Version', `${cutpoint}, ${checkpoints}; ${date}`)];
}

function verdict(report: DoctorReport): string {
  const { under, missing, selfTest, problems, adapter } = report;
  if (under !== '') return `at work, ${under}`;
  if (missing !== null) return 'NO DEVICE';
  if (isHealthy(report)) return 'all is well';
  const failed = failedKernels(report).length;
  const short = adapter?.limits.filter(({ enough }) => !enough).length ?? 0;
  return [
    ...(failed > 0 ? [`${failed} of ${selfTest?.verdicts.length} KERNELS FAILED`] : []),
    ...(short > 0 ? [`${short} LIMITS TOO SMALL`] : []),
    ...(problems.length > 0 ? [`PROBLEMS: ${problems.length}`] : []),
  ].join(', ');
}

function place({ place, missing, adapter, usedFeatures, variants, trials }: DoctorReport): string[] {
  const { agent, system, cores, forced, run } = place;
  const name = place.kind === 'page' ? 'Page in' : 'Node';
  return [
    ...entry(name, [agent, system, `${cores} cores`].filter(Boolean).join('; ')),
    ...(place.kind === 'node' ? entry('Forced', forced.length > 0 ? forced.join(', ') : 'nothing') : []),
    ...(run === '' ? [] : entry('Run', run)),
    ...(missing === null ? [] : entry('Missing', `${missing.message} ${missing.hint}`.trim())),
    ...(adapter === null ? [] : adapterLines(adapter, usedFeatures)),
    ...(variants === null ? [] : entry('Kernels', variantsText(variants, trials))),
  ];
}

function variantsText(
  { cooperative, immediates, subgroups, givers, halfCache }: KernelVariants,
  trials: VariantTrials | null,
): string {
  const form = cooperative ? 'cooperative form, as on GPUs' : 'base form, as on software adapters';
  const shared = subgroups ? `, used: ${givers} invocations share` : '';
  return [
    form,
    trial('immediates', trials?.immediates ?? null) + (immediates ? ', used' : ''),
    trial('subgroups', trials?.subgroups ?? null) + shared,
    trial('16-bit cache', trials?.halfCache ?? null) + (halfCache ? ', used where kvCache is auto' : ''),
  ].join('; ');
}

function trial(name: string, found: VariantTrial | null): string {
  if (found === null) return `${name} not tried`;
  const bits = found.difference === 0 ? 'same bits' : `within ${short(found.difference)}`;
  return `${name} ${found.speedup.toFixed(2)} times as fast, ${bits}`;
}

/** Features that are about pictures say nothing here. */
const FOR_PICTURES = /texture|depth|render|blend|filter|unorm|clip|instance|primitive/;

function adapterLines(adapter: AdapterReading, used: readonly string[]): string[] {
  const { vendor, architecture, device, description, software, isFallbackAdapter, features } = adapter;
  const given = Object.entries({ description, device, vendor, architecture }).flatMap(([name, value]) =>
    value === '' ? [] : [`${name} ${value}`],
  );
  const kind = software ? 'computes on the CPU' : 'a GPU';
  const fallback = isFallbackAdapter === null ? '' : `, isFallbackAdapter ${isFallbackAdapter}`;
  const { subgroupMinSize: least, subgroupMaxSize: most } = adapter;
  const lists = {
    used,
    'not used': features.filter((feature) => !used.includes(feature) && !FOR_PICTURES.test(feature)),
    missing: OPTIONAL_FEATURES.filter((feature) => !features.includes(feature)),
  };
  const parts = Object.entries(lists).map(([name, list]) => `${name}: ${list.join(', ') || 'none'}`);
  return [
    ...entry('Adapter', `${given.join('; ') || 'gives no names'} (${kind}${fallback})`),
    ...entry('Features', [...parts, ...(most > 0 ? [`subgroups of ${least} to ${most}`] : [])].join('; ')),
  ];
}

function limits({ adapter }: DoctorReport): string[] {
  if (adapter === null) return [];
  const cell = ({ name, needed, has, enough }: LimitReading): string[] => [
    name,
    amount(name, needed),
    amount(name, has),
    enough ? '' : 'TOO SMALL',
  ];
  const rows = [['Limits', 'needed', 'adapter', ''], ...adapter.limits.map(cell)];
  return rows.map(([name = '', needed = '', has = '', note = '']) =>
    `${name.padEnd(44)}${needed.padStart(10)}${has.padStart(14)}  ${note}`.trimEnd(),
  );
}

function amount(name: string, value: number): string {
  if (/Size$/.test(name) && value >= 2 ** 20) return `${count(Math.floor(value / 2 ** 20))} MiB`;
  return count(value);
}

const count = (value: number): string => value.toLocaleString('en-US');

const milliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(1) : count(Math.round(ms)));

function short(error: number): string {
  return error === 0 ? 'exact' : Number.isFinite(error) ? error.toExponential(1) : 'no number';
}

function kernels({ selfTest, variants, under }: DoctorReport): string[] {
  if (selfTest === null) return [];
  const { verdicts, compileMs, runMs, done, launches } = selfTest;
  const passed = verdicts.filter((one) => one.passed).length;
  const cells = verdicts
    .toSorted((a, b) => (a.kernel < b.kernel ? -1 : 1))
    .map((verdict) => `${verdict.kernel.padEnd(41)}${mark(verdict).padStart(8)}`);
  const half = Math.ceil(cells.length / 2);
  const used = variants?.cooperative === true ? 'cooperative' : 'base';
  const stopped = under === '' && done < launches ? `, STOPPED after ${done} of ${launches} launches` : '';
  return [
    `Kernels against their float64 references: ${passed} of ${verdicts.length} passed${stopped}`,
    `(${used} form; worst error, relative to the largest number; compiling ${seconds(compileMs)}, testing ${seconds(runMs)})`,
    ...cells.slice(0, half).map((cell, i) => [cell, cells[half + i] ?? ''].join('  ').trimEnd()),
  ];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function mark({ passed, error }: KernelVerdict): string {
  if (!passed) return 'FAIL';
  return error === null ? 'ok' : short(error);
}

function speed({ speed, speedMissing, missing, selfTest, under }: DoctorReport): string[] {
  if (speed === null) {
    const over = under === '' && (missing !== null || selfTest !== null);
    return over ? [`Speed: not measured${speedMissing === '' ? '' : ` (${speedMissing})`}`] : [];
  }
  const row = (where: string, rollout: string, update: string): string =>
    `${where.padEnd(62)}${rollout.padStart(16)}${update.padStart(16)}`;
  return [
    `Speed: ${speed.setting}, medians of ${speed.rounds}`,
    row('', 'rollout, ms', 'update, ms'),
    row(
      `here (${count(Math.round(speed.tokensPerSecond))} tokens a second in rollouts)`,
      milliseconds(speed.rolloutMs),
      milliseconds(speed.updateMs),
    ),
    ...PUBLISHED.map(({ where, rolloutMs, updateMs }) =>
      row(where, rolloutMs === null ? 'not measured' : milliseconds(rolloutMs), milliseconds(updateMs)),
    ),
    longest(speed),
    ...(speed.rowsAtOnce === 0 ? [] : [`Single tokens: all layers in one dispatch, ${speed.rowsAtOnce} at once`]),
  ];
}

function longest({ longest }: SpeedReading): string {
  if (longest === null) return 'Longest dispatch and submit: this adapter has no timestamps';
  const { kernel, dispatchMs, submitMs } = longest;
  return `Longest dispatch: ${milliseconds(dispatchMs)} ms (${kernel}); longest submit: ${milliseconds(submitMs)} ms`;
}

function problems(report: DoctorReport): string[] {
  const failed = failedKernels(report).map(({ kernel, problem }) => `${kernel}: ${problem}`);
  const all = [...report.problems, ...failed];
  const hidden = all.length - MOST_PROBLEMS;
  return [
    ...(all.length > 0 ? ['Problems'] : []),
    ...all.slice(0, MOST_PROBLEMS).flatMap((problem) => entry('  -', problem.replaceAll(/\s+/g, ' '))),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ];
}
