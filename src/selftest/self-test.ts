/** Every kernel against its float64 reference, on a device at hand. */
import { compareNumbers, differs, float32Bound } from './bench/bounds';
import type { GpuBench } from './bench/gpu-bench';
import { withVariants, type Outputs } from './bench/kernel-case';
import { kernelCases, type SelfTestCase } from './kernel-cases';

export interface KernelVerdict {
  kernel: string;
  passed: boolean;
  /** The largest error, relative to the largest number of its tensor; null where there was nothing to compare. */
  error: number | null;
  /** What is wrong, '' where nothing is. */
  problem: string;
}

export interface SelfTest {
  verdicts: readonly KernelVerdict[];
  /** Milliseconds that first launches took longer than second ones, and those of the second ones with their references. */
  compileMs: number;
  runMs: number;
}

/** Launches done so far, and which one is under way. */
export interface SelfTestProgress extends SelfTest {
  done: number;
  launches: number;
  under: string;
}

/** Some kernels have a cooperative counterpart of their own (docs/adr/0014); the others take the form as a constant. */
const COUNTERPART = /_cooperative$/;

/**
 * Launches every case in the form that this adapter uses, and in the other one where that has kernels of its own: each twice, as
 * the first time compiles and both must give the same bits. Never throws for a kernel that is wrong or refused.
 *
 * @param tell called before each launch with what is known
 */
export async function selfTest(
  bench: GpuBench,
  tell: (progress: SelfTestProgress) => void = () => undefined,
  cases: readonly SelfTestCase[] = kernelCases(),
): Promise<SelfTest> {
  const verdicts = new Map<string, KernelVerdict>();
  const done = { count: 0, compileMs: 0, runMs: 0 };
  const report = (): SelfTest => ({ verdicts: [...verdicts.values()], compileMs: done.compileMs, runMs: done.runMs });
  const { cooperative, subgroups } = bench.gpu.variants;
  const twofold = cases.filter(({ answers }) =>
    answers.some(({ kernels }) => kernels.some(({ name }) => COUNTERPART.test(name))),
  );
  const launches = [
    ...cases.map((one) => ({ one, cooperative })),
    ...twofold.map((one) => ({ one, cooperative: !cooperative })),
  ];
  for (const { one, cooperative } of launches) {
    const under = `${one.file}, ${one.launched.name}, ${cooperative ? 'cooperative' : 'base'} form`;
    tell({ ...report(), done: done.count, launches: launches.length, under });
    const variants = cooperative ? { cooperative } : { subgroups };
    const { results, compileMs, runMs } = await withVariants(bench, variants, () => runCase(bench, one));
    done.count += 1;
    done.compileMs += compileMs;
    done.runMs += runMs;
    for (const verdict of results)
      verdicts.set(verdict.kernel, worst(verdicts.get(verdict.kernel) ?? verdict, verdict));
  }
  return report();
}

type Finding = Pick<KernelVerdict, 'passed' | 'error' | 'problem'>;

/** Of two findings on one kernel the first that failed, with the larger error. */
function worst<F extends Finding>(a: F, b: F): F {
  const error = a.error === null || b.error === null ? null : Math.max(a.error, b.error);
  return { ...(a.passed ? b : a), error };
}

async function runCase(bench: GpuBench, { file, launched, answers }: SelfTestCase) {
  const start = performance.now();
  bench.dispatched.clear();
  try {
    const first = await launched.launch(bench);
    const compiled = performance.now();
    const second = await launched.launch(bench);
    const again = performance.now();
    const wanted = launched.want();
    const end = performance.now();
    const judge = (output: string): Finding => judgeOutput({ file, launched, output, first, second, wanted });
    // Outputs that another kernel answers for are left to it.
    const named = answers.flatMap(({ outputs = [] }) => outputs);
    const results = answers.flatMap(({ kernels, outputs }) => {
      const own = outputs ?? Object.keys(wanted).filter((output) => !named.includes(output));
      const finding = own.map(judge).reduce(worst);
      return kernels.filter(({ name }) => bench.dispatched.has(name)).map(({ name }) => ({ kernel: name, ...finding }));
    });
    return { results, compileMs: Math.max(0, compiled - start - (again - compiled)), runMs: end - compiled };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const finding = { passed: false, error: null, problem };
    // What was never reached is not accused, unless nothing was.
    const all = answers.flatMap(({ kernels }) => kernels);
    const met = all.filter(({ name }) => bench.dispatched.has(name));
    const results = (met.length > 0 ? met : all).map(({ name }) => ({ kernel: name, ...finding }));
    return { results, compileMs: 0, runMs: performance.now() - start };
  }
}

function judgeOutput({
  file,
  launched: { name, bound, exactZeros = [] },
  output,
  first,
  second,
  wanted,
}: Pick<SelfTestCase, 'file' | 'launched'> & {
  output: string;
  first: Outputs;
  second: Outputs;
  wanted: Outputs;
}): Finding {
  const [got, again, want] = [first[output] ?? [], second[output] ?? [], wanted[output] ?? []];
  const { ok, worst: largestError, at, largest } = compareNumbers(got, want, bound ?? float32Bound(file, name, output));
  const error = largestError / (largest || 1);
  const failed = (problem: string): Finding => ({ passed: false, error, problem: `${output} ${problem}` });
  if (got.length !== want.length) return failed(`has ${got.length} numbers and should have ${want.length} (${name})`);
  if (!ok) return failed(`[${at}] is ${got[at]} and should be ${want[at]} (${name})`);
  const leak = exactZeros.includes(output) ? Array.from(want).findIndex((x, i) => x === 0 && got[i] !== 0) : -1;
  if (leak >= 0) return failed(`[${leak}] is ${got[leak]} and should be exactly 0 (${name})`);
  const apart = differs(got, again);
  if (apart >= 0) return failed(`[${apart}] differs between two runs (${name})`);
  return { passed: true, error, problem: '' };
}
