/** One trajectory by where it lies, and all answers to its question, in order of training step. */
import { decodeTrajectory, tokenWord } from '../../recordings/decode-trajectory';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { RowTable } from '../../rollouts/file/row-table';
import type { RowRef, TrajectoryRef, WhichFile } from '../state/compared';
import type { OpenedRollouts, RolloutShelf } from '../state/rollouts-state';
import type { Studio } from '../state/studio-state';
import { questionKey, rowsOfQuestion } from '../view/rollout-sets';
import { answersTo, questionOf } from './beside';

/** Shown at first: to read a line into words takes a tenth of a millisecond. */
export const FIRST_ANSWERS = 400;

export interface FoundTrajectory {
  ref: TrajectoryRef;
  view: TrajectoryView;
  question: string;
  rightAnswer: string;
  /** Training step or update, null where the file does not tell. */
  step: number | null;
  /** Among those of its group, from 1. */
  number: number;
  /** Name of its file, null for the run. */
  file: string | null;
  /** Length of the final side, null where it is not counted. */
  size: number | null;
  sizeUnit: RowTable['sizeUnit'];
}

export interface OpenedFile {
  shelf: RolloutShelf;
  about: OpenedRollouts;
}

/** A file by its place; null where it was closed. */
export function fileAt({ store, rollouts }: Studio, which: WhichFile): OpenedFile | null {
  const { file, other } = store.getState().rollouts;
  const [shelf, about] = which === 'shown' ? [rollouts.shelf, file] : [rollouts.other, other];
  return shelf && about && { shelf, about };
}

/** null where it is not kept any more. */
export function findTrajectory(studio: Studio, ref: TrajectoryRef): FoundTrajectory | null {
  if (ref.file === 'run') {
    const { world } = studio.store.getState();
    const stored = storedAt(studio, ref.pin, ref.update);
    const place = stored?.rows.indexOf(ref.row) ?? -1;
    if (!world || !stored || place < 0) return null;
    const view = decodeTrajectory(stored.batch, world, place, stored.hasRefiner, ref.row);
    return {
      ...{ ref, view, question: questionOf(stored, place), step: ref.update, file: null },
      rightAnswer: tokenWord(world, stored.batch.answers[view.group] ?? 0),
      number: 1 + (ref.row % stored.batch.groupSize),
      ...{ size: null, sizeUnit: 'tokens' },
    };
  }
  const file = fileAt(studio, ref.file);
  if (file === null) return null;
  const { shelf, about } = file;
  const { table } = shelf.file;
  if (ref.row >= table.groups.length) return null;
  const { views } = shelf.whole;
  const view = views.at(ref.row);
  const group = table.groups[ref.row] ?? 0;
  const step = table.steps[ref.row] ?? -1;
  return {
    ...{ ref, view, question: table.questions[group] ?? '', rightAnswer: views.answerOf(view) },
    ...{ step: step < 0 ? null : step, number: 1 + ref.row - table.groups.indexOf(group) },
    ...{ file: about.name, size: table.final.sizes[ref.row] ?? null, sizeUnit: table.sizeUnit },
  };
}

export function storedAt({ batches, pins }: Studio, pin: number | null, update: number): StoredBatch | undefined {
  if (pin === null) return batches.all.find(({ batch }) => batch.update === update);
  return pins.get(pin)?.answers.find((answer) => answer.update === update)?.stored;
}

/** The answers of one training step. */
export interface AnswersAtStep {
  step: number | null;
  /** A pinned question is asked again beside the training. */
  pinned: boolean;
  answers: FoundTrajectory[];
  /** How many are right, of those whose exact match is known. */
  right: number;
  known: number;
}

export interface QuestionAnswers {
  question: string;
  rightAnswer: string;
  word: 'step' | 'update';
  /** All of them, of which the first are in `steps`. */
  total: number;
  steps: AnswersAtStep[];
}

/** @param most trajectories that are read into words; null where the one asked about is not kept any more */
export function answersToQuestion(studio: Studio, from: TrajectoryRef, most = FIRST_ANSWERS): QuestionAnswers | null {
  const origin = findTrajectory(studio, from);
  if (origin === null) return null;
  const { question, rightAnswer } = origin;
  const refs = from.file === 'run' ? keptAnswers(studio, question) : rowsIn(studio, from, question);
  const steps: AnswersAtStep[] = [];
  for (const ref of refs.slice(0, most)) {
    const found = findTrajectory(studio, ref);
    if (found === null) continue;
    const pinned = ref.file === 'run' && ref.pin !== null;
    let last = steps.at(-1);
    if (last?.step !== found.step || last.pinned !== pinned) {
      last = { step: found.step, pinned, answers: [], right: 0, known: 0 };
      steps.push(last);
    }
    last.answers.push(found);
    const { em } = found.view.final;
    if (em !== null) last.known += 1;
    if (em === 1) last.right += 1;
  }
  return { question, rightAnswer, word: from.file === 'run' ? 'update' : 'step', total: refs.length, steps };
}

function rowsIn(studio: Studio, { file }: RowRef, question: string): RowRef[] {
  const opened = fileAt(studio, file);
  return opened === null ? [] : rowsOfQuestion(opened.shelf.file.table, question).map((row) => ({ file, row }));
}

function keptAnswers({ batches, pins }: Studio, question: string): TrajectoryRef[] {
  const refOf = (pin: number | null, { batch, rows }: StoredBatch, place: number): TrajectoryRef & { file: 'run' } => ({
    ...{ file: 'run', pin, update: batch.update },
    row: rows[place] ?? 0,
  });
  const trained = answersTo(question, batches.all).map(({ stored, place }) => refOf(null, stored, place));
  const pinned = pins.all
    .filter((pin) => questionKey(pin.question) === questionKey(question))
    .flatMap(({ id, answers }) =>
      answers.flatMap(({ stored }) => stored.rows.map((_, place) => refOf(id, stored, place))),
    );
  return [...trained, ...pinned].sort((a, b) => a.update - b.update);
}
