/** Golden fixtures of a folder against the float64 references and the GPU kernels: rows, counts and the exit code. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../lib/assert';
import { nearest } from '../../lib/nearest';
import { compareTensor, float64Bound } from '../../testing/kernels/compare';
import { float32Bound, type Bound, type Comparison } from '../../selftest/bench/bounds';
import { fixtureName, parseFixture, type Fixture, type GoldenCase } from '../../testing/kernels/golden';
import type { Outputs } from './reference-answers';

/** How one fixture file is computed. */
export interface VerifyOp {
  reference: (golden: GoldenCase) => Outputs;
  /** The kernels; `undefined` for what runs on the CPU alone, in float64: its one row says `cpu`. */
  gpu?: ((golden: GoldenCase) => Promise<Outputs>) | undefined;
}

export type VerifyOps = { readonly [file: string]: VerifyOp };

type Side = 'reference' | 'gpu' | 'cpu';

const USAGE = 'Usage: npm run verify -- FOLDER    (a folder of golden fixtures, for example src/testing/golden)';

/** The folder that the command line names. Throws UserError for anything else. */
export function parseArguments(args: readonly string[]): string {
  const [folder, ...others] = args;
  if (folder === undefined) throw new UserError('Which folder?', USAGE);
  if (folder.startsWith('-')) throw new UserError(`There is no option "${folder}".`, USAGE);
  if (others.length > 0) throw new UserError(`One folder, not ${args.length}: ${args.join(' ')}`, USAGE);
  return folder;
}

interface PreparedCase {
  fixture: Fixture;
  golden: GoldenCase;
  outputs: Outputs;
}

/** The fixtures of a folder, parsed. Throws UserError where there is none or one is unknown or malformed. */
export function readFolder(folder: string, ops: VerifyOps): Fixture[] {
  if (!statSync(folder, { throwIfNoEntry: false })) throw new UserError(`There is no folder "${folder}".`, USAGE);
  if (!statSync(folder).isDirectory()) throw new UserError(`"${folder}" is a file, not a folder of fixtures.`, USAGE);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();
  if (files.length === 0) throw new UserError(`"${folder}" holds no *.json fixture.`, USAGE);
  const known = Object.keys(ops);
  for (const file of files) {
    const name = fixtureName(file);
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw new UserError(
      `${join(folder, file)}: there is no operation "${name}".`,
      meant ? `Did you mean ${meant}.json?` : `Known: ${known.join(', ')}.`,
    );
  }
  return files.map((file) => parseFixture(readText(join(folder, file)), join(folder, file)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Compares every case of the folder and prints a row for each case and side, then `N passed, N failed`. Everything is
 * read and checked before the first row. Returns the exit code 0 or 1; throws UserError for what a person has to mend.
 */
export async function verifyFolder(folder: string, ops: VerifyOps, print: (line: string) => void): Promise<number> {
  const prepared = readFolder(folder, ops).flatMap((fixture) =>
    fixture.cases.map((golden): PreparedCase => {
      const outputs = ops[fixture.name]!.reference(golden);
      for (const name of golden.expected.keys()) {
        if (!Object.hasOwn(outputs, name)) {
          golden.fail(`expected "${name}" is unknown here; known: ${Object.keys(outputs).join(', ')}`);
        }
      }
      return { fixture, golden, outputs };
    }),
  );

  const counts = { passed: 0, failed: 0 };
  const report = (fixture: Fixture, golden: GoldenCase, side: Side, result: CaseResult) => {
    counts[result.ok ? 'passed' : 'failed'] += 1;
    print(formatRow(`${fixture.name} ${golden.id}`, side, result));
  };
  print(`${'case'.padEnd(CASE_WIDTH)} ${'side'.padEnd(9)}  worst error   of bound  result`);
  for (const { fixture, golden, outputs } of prepared) {
    const { gpu } = ops[fixture.name]!;
    const side = gpu ? 'reference' : 'cpu';
    report(fixture, golden, side, compareCase(fixture.name, golden, outputs, float64Bound));
    if (gpu) report(fixture, golden, 'gpu', await runGpu(fixture.name, golden, gpu));
  }
  print(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

interface CaseResult {
  ok: boolean;
  /** Largest share of the bound over the outputs of the case, and whose it is. */
  worst?: Comparison & { output: string };
  /** Why nothing could be compared. */
  problem?: string;
}

/** Only what the fixture expects is compared; the worst output is the one that uses most of its bound. */
function compareCase(
  file: string,
  golden: GoldenCase,
  outputs: Outputs,
  boundOf: (file: string, caseId: string, output: string) => Bound,
): CaseResult {
  const rows = [...golden.expected].map(([output, want]) => ({
    output,
    ...compareTensor(outputs[output] ?? [], want, boundOf(file, golden.id, output)),
  }));
  const worst = rows.reduce((a, b) => (b.share > a.share ? b : a));
  return { ok: rows.every((row) => row.ok), worst };
}

async function runGpu(file: string, golden: GoldenCase, gpu: NonNullable<VerifyOp['gpu']>): Promise<CaseResult> {
  try {
    return compareCase(file, golden, await gpu(golden), float32Bound);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

const CASE_WIDTH = 50;

function formatRow(name: string, side: Side, { ok, worst, problem }: CaseResult): string {
  const start = `${name.padEnd(CASE_WIDTH)} ${side.padEnd(9)} `;
  if (!worst) return `${start} FAIL  ${problem ?? ''}`;
  const error = worst.worst.toExponential(2).padStart(12);
  const share = `${(100 * worst.share).toPrecision(3)} %`.padStart(10);
  return `${start}${error} ${share}  ${ok ? 'ok' : 'FAIL'}${worst.worst > 0 ? `  ${worst.output}[${worst.at}]` : ''}`;
}
