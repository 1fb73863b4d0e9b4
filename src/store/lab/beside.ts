/** Two trajectories side by side: which others there are to choose from, and in what they and their settings differ. */
import { changesBetween } from '../run/config-draft';
import type { SettingChange } from '../run/config-draft';
import type { CurrentView } from '../view/current-view';
import { decodeTrajectory, tokenWord } from '../../recordings/decode-trajectory';
import type { PassageView, SideView, StepView, TrajectoryView } from '../../recordings/decode-trajectory';
import { shownConfig } from '../run/status';
import type { OtherTrajectory } from '../state/other-trajectory';
import { keepRows } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio, StudioState } from '../state/studio-state';

export type OtherSource = 'update' | 'run' | 'behind' | 'aside';

export interface Candidate {
  id: string;
  source: OtherSource;
  other: OtherTrajectory;
}

/** Answers of other updates, and of the other run, that are offered; the newest. */
const MOST_OFFERED = 40;

/** The others to put beside the trajectory on screen: to the same question, and the one that was set aside. */
export function candidates(studio: Studio, view: CurrentView): Candidate[] {
  const { store, batches } = studio;
  const state = store.getState();
  const { engine, trajectory } = view;
  const { world, ghost, lastRun, setAside } = state;
  if (engine === null || world === null) return [];
  const question = questionOf(engine, trajectory.place);
  const here = { run: null, config: shownConfig(state), world };
  const isShown = ({ batch }: StoredBatch, row: number | undefined): boolean =>
    batch.update === engine.batch.update && row === trajectory.row;
  const own = answersTo(question, state.shownPin === null ? batches.all : [engine]).filter(
    ({ stored, place }) => !isShown(stored, stored.rows[place]),
  );
  const ofUpdate = own.filter(({ stored }) => stored.batch.update === engine.batch.update);
  const ofRun = own.filter(({ stored }) => stored.batch.update !== engine.batch.update).slice(-MOST_OFFERED);
  const behind = ghost ?? lastRun;
  const ofOther = behind?.trajectories
    ? answersTo(question, behind.trajectories.batches)
        .slice(-MOST_OFFERED)
        .map((answer) => ({ ...answer, behind }))
    : [];
  const named = (source: OtherSource, other: OtherTrajectory): Candidate => ({
    id: `${source} ${other.stored.batch.update} ${other.stored.rows[other.place] ?? 0}`,
    source,
    other,
  });
  return [
    ...(setAside === null ? [] : [named('aside', setAside)]),
    ...ofUpdate.map((answer) => named('update', { ...here, ...answer })),
    ...ofRun.map((answer) => named('run', { ...here, ...answer })),
    ...ofOther.flatMap(({ stored, place, behind: { title, config, trajectories } }) =>
      trajectories ? [named('behind', { run: title, config, world: trajectories.world, stored, place })] : [],
    ),
  ];
}

export function questionOf({ batch, groups }: StoredBatch, place: number): string {
  return batch.questions[groups[place] ?? 0] ?? '';
}

export function answersTo(question: string, all: readonly StoredBatch[]): { stored: StoredBatch; place: number }[] {
  return all
    .filter(({ batch }) => batch.questions.includes(question))
    .flatMap((stored) =>
      stored.rows.flatMap((_, place) => (questionOf(stored, place) === question ? [{ stored, place }] : [])),
    );
}

/** Keeps the trajectory on screen, so that any other, of this run or of the next, can be put beside it. */
export function setAside(studio: Studio, { engine, trajectory }: CurrentView): void {
  const state = studio.store.getState();
  if (engine === null || state.world === null) return;
  const stored = keepRows(engine, [trajectory.place]);
  const config = shownConfig(state);
  studio.store.setState({ setAside: { run: runTitle(state), config, world: state.world, stored, place: 0 } });
}

function runTitle(state: StudioState): string {
  const { recording } = state;
  if (recording !== null) return recording.title;
  const { preset, runSeed } = shownConfig(state);
  return `${preset}, seed ${runSeed}`;
}

export function dropAside({ store }: Studio): void {
  store.setState({ setAside: null });
}

export interface BesideSide {
  title: string;
  update: number;
  rightAnswer: string;
  question: string;
  view: TrajectoryView;
  /** Of its final trajectory, by place, and whether the other has the same there. */
  steps: { step: StepView; same: boolean }[];
  /** That its final trajectory found and the other's did not. */
  found: PassageView[];
}

export interface BesideView {
  here: BesideSide;
  there: BesideSide;
  /** From there to here. */
  changes: SettingChange[];
  /** Of the same run, settings that were changed between the two updates, as the timeline has them. */
  changedBetween: string[];
}

export function besideView(state: StudioState, view: CurrentView, other: OtherTrajectory): BesideView {
  const { stored, place, world, config, run } = other;
  const there = decodeTrajectory(stored.batch, world, place, stored.hasRefiner, stored.rows[place]);
  const here = view.trajectory;
  const updates = [view.batch.update, stored.batch.update] as const;
  const [low, high] = [Math.min(...updates), Math.max(...updates)];
  const between = state.marks.filter(({ kind, update }) => kind === 'settings' && update >= low && update < high);
  const [foundHere, foundThere] = [passagesOf(here), passagesOf(there)];
  return {
    here: {
      ...{ title: 'On screen', update: view.batch.update, view: here, steps: aligned(here.final, there.final) },
      rightAnswer: view.views.answerOf(here),
      question: view.batch.questions[view.group] ?? '',
      found: [...foundHere.values()].filter(({ sentence }) => !foundThere.has(sentence)),
    },
    there: {
      ...{
        title: run ?? 'The other',
        update: stored.batch.update,
        view: there,
        steps: aligned(there.final, here.final),
      },
      rightAnswer: tokenWord(world, stored.batch.answers[there.group] ?? 0),
      question: questionOf(stored, place),
      found: [...foundThere.values()].filter(({ sentence }) => !foundHere.has(sentence)),
    },
    changes: changesBetween(config, shownConfig(state)),
    changedBetween: run === null ? between.map(({ note }) => note ?? '') : [],
  };
}

/** Each step, and whether the other has the same in its place: what it asks or answers, and what it found. */
export function aligned(own: SideView, other: SideView): BesideSide['steps'] {
  return own.steps.map((step, k) => {
    const twin = other.steps[k];
    const same = twin?.kind === step.kind && twin.text === step.text && twin.passages.length === step.passages.length;
    return { step, same: same && step.passages.every(({ sentence }, j) => twin.passages[j]?.sentence === sentence) };
  });
}

/** By what they say: another world numbers its passages otherwise. */
function passagesOf({ final }: TrajectoryView): Map<string, PassageView> {
  return new Map(final.steps.flatMap(({ passages }) => passages.map((one) => [one.sentence, one] as const)));
}
