/** Files of rollouts for `npm run read`: each row as the readers take it, and each line that they refuse. */
import { openAsBlob } from 'node:fs';
import { placeOf, readRolloutFiles } from '../../rollouts/file/read-file';
import type { SourceFile } from '../../rollouts/file/read-file';
import { toldRows } from '../../rollouts/told-rows';
import type { ToldRow, ToldStep } from '../../rollouts/told-rows';
import type { Told } from './told';

/**
 * @param path as it was given
 * @param files of the folder that it is, or itself
 * @throws UserError where there is no trajectory in them
 */
export async function tellRollouts(path: string, files: readonly string[] = [path]): Promise<Told> {
  const file = await readRolloutFiles(await Promise.all(files.map(sourceOf)));
  const rows = [...toldRows(file)];
  const untold = file.skipped - file.skips.length;
  return {
    opens: true,
    documents: rows,
    lines: [
      `${path}: rollouts, ${counted(rows.length, 'row')} in ${counted(file.table.questions.length, 'group')}, ${stepsOf(rows)}`,
      ...(file.unknownNumbers === 0
        ? []
        : [`  ${counted(file.unknownNumbers, 'number')} NaN or infinite in the file, read as unknown`]),
      ...rows.flatMap(linesOf),
    ],
    refusals: [
      ...file.skips.map((skip) => `${skip.line === 0 ? '' : `${skip.file}, `}${placeOf(skip)}: ${skip.reason}`),
      ...(untold > 0 ? [`${path}: ${untold} more lines`] : []),
      ...(file.cutOff === null ? [] : [`${path}: ${file.cutOff}`]),
    ],
  };
}

async function sourceOf(path: string): Promise<SourceFile> {
  const blob = await openAsBlob(path);
  return {
    name: path,
    size: blob.size,
    stream: () => blob.stream(),
    slice: (start, end) => blob.slice(start, end),
  };
}

function stepsOf(rows: readonly ToldRow[]): string {
  const steps = new Set(rows.map(({ step }) => step));
  if (steps.size > 1) return counted(steps.size, 'step');
  const [step] = steps;
  return step === null || step === undefined ? 'no step' : `step ${step}`;
}

function linesOf(row: ToldRow): string[] {
  const { golds, answer, em, reward, rewardGiven, advantage, end, note } = row;
  const numbers = [
    em === null ? 'EM unknown' : `EM ${em}`,
    reward === null ? 'no reward' : `reward ${reward} (${rewardGiven ? 'given' : 'computed'})`,
    ...(advantage === null ? [] : [`advantage ${advantage} (given)`]),
    ...(end === null ? [] : [end]),
    ...(note === null ? [] : [note]),
  ];
  return [
    `  row ${row.row}, line ${row.line}, ${row.step === null ? 'no step' : `step ${row.step}`}, group ${row.group}: ${row.question}`,
    `    right: ${golds.length === 0 ? 'not in the file' : golds.join(' | ')}`,
    ...(row.draft === null ? [] : [...row.draft.map(stepLine).map((line) => `    draft ${line}`)]),
    ...row.steps.map(stepLine).map((line) => `    ${line}`),
    `    answer: ${answer === null ? 'none' : JSON.stringify(answer)}; ${numbers.join(', ')}`,
  ];
}

function stepLine({ kind, query, passages, useful }: ToldStep, k: number): string {
  const found = `: ${counted(passages, 'passage')}${useful === null ? '' : useful > 0 ? ', useful' : ', not useful'}`;
  return `${k + 1} ${kind}${query === '' ? '' : ` ${JSON.stringify(query)}`}${kind === 'search' ? found : ''}`;
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
