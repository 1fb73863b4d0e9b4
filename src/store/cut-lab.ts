/** Cut Lab: puts a draft on the bench, asks the engine for its sweep and for cuts by hand, and takes the answers. */
import { MAX_SWEEP_REPLICATES } from '../trainer/protocol';
import type { DraftRow, TrainerEvent } from '../trainer/protocol';
import type { CurrentView } from './current-view';
import { mergeSweeps } from './cut-values';
import { decodeTrajectory } from './decode';
import type { TrajectoryView } from './decode';
import { EMPTY_LAB } from './lab-state';
import type { LabState } from './lab-state';
import { keepRows } from './stored-batch';
import type { StoredBatch } from './stored-batch';
import type { Studio, StudioState } from './studio-state';
import { select } from './view-actions';

let asked = 0;

function change({ store }: Studio, part: Partial<LabState>): void {
  store.setState((state) => ({ lab: { ...state.lab, ...part } }));
}

/** Why the trajectory on screen cannot be cut by hand, null if it can. */
export function labRefusal({ shownPin, runState }: StudioState, { trajectory }: CurrentView): string | null {
  if (shownPin !== null) {
    return 'This is an answer to a pinned question, which is asked beside the training and cannot be cut by hand. Choose a trajectory of an update in Studio.';
  }
  if (trajectory.draft.steps.length === 0) return 'This draft has no step to cut at. Choose another trajectory.';
  if (runState === 'failed') return 'The engine has stopped, so nothing can be regenerated. Reset starts it again.';
  return null;
}

/** Where the scissors begin: at the cut that was made, else at the likeliest one. */
export function firstStep({ cut, review }: TrajectoryView): number {
  if (cut > 0) return cut;
  const chances = review?.slice(1) ?? [];
  return Math.max(0, chances.indexOf(Math.max(...chances))) + 1;
}

/** Holds the trajectory on screen, puts it on the bench unless it lies there, and asks for its sweep. */
export function enterLab(studio: Studio, view: CurrentView): void {
  const { stored, trajectory, side, step } = view;
  if (!view.chosen) select(studio, { row: trajectory.row, side, step: step.number });
  const state = studio.store.getState();
  if (labRefusal(state, view) !== null) return;
  const known = state.lab.draft;
  if (known?.rows[0] === trajectory.row && known.batch.update === stored.batch.update) return;
  const draft = keepRows(stored, [trajectory.place]);
  studio.store.setState({ lab: { ...EMPTY_LAB, draft, step: firstStep(trajectory) } });
  runSweep(studio);
}

/** The row before or after this one in its batch, if there is one. */
export function neighbourRow({ stored, trajectory }: CurrentView, direction: -1 | 1): number | null {
  return stored.rows[trajectory.place + direction] ?? null;
}

export function moveScissors(studio: Studio, step: number): void {
  const steps = studio.store.getState().lab.draft?.batch.draft.stepCounts[0] ?? 0;
  change(studio, { step: Math.min(steps, Math.max(1, step)) });
}

/** Asks for more replicates of every cut, the first ones if there are none. */
export function runSweep(studio: Studio): void {
  const { draft, sweep, sweepAsked } = studio.store.getState().lab;
  if (draft === null || sweepAsked !== null) return;
  asked += 1;
  change(studio, { sweepAsked: asked, refusal: null });
  const firstReplicate = sweep === null ? 0 : sweep.firstReplicate + sweep.replicates;
  const replicates = MAX_SWEEP_REPLICATES;
  studio.client.send({ type: 'sweep', id: asked, draft: draftRow(draft), firstReplicate, replicates });
}

/** Cuts where the scissors are: the same cut draws the numbers of before, `again` new ones. */
export function cutHere(studio: Studio, again = false): void {
  const { draft, step, branch } = studio.store.getState().lab;
  if (draft === null) return;
  asked += 1;
  change(studio, { cutAsked: asked, refusal: null });
  // Every cut of a draft draws the same numbers, so that two of them differ in where they are and in nothing else.
  const replicate = (branch?.replicate ?? 0) + (again && branch !== null ? 1 : 0);
  studio.client.send({ type: 'cut', id: asked, draft: draftRow(draft), step, replicate });
}

type LabEvent = Extract<TrainerEvent, { type: 'swept' | 'branch' | 'refused' }>;

/** Takes an answer; one to what is no longer asked is dropped. */
export function applyLabEvent(studio: Studio, event: LabEvent): void {
  const { lab, world } = studio.store.getState();
  const { draft } = lab;
  if (draft === null || world === null) return;
  if (event.type === 'swept' && event.id === lab.sweepAsked) {
    change(studio, { sweepAsked: null, sweep: mergeSweeps(lab.sweep, event.sweep) });
  } else if (event.type === 'branch' && event.id === lab.cutAsked) {
    const { side, ...how } = event.branch;
    const batch = { ...draft.batch, final: side, cuts: Uint8Array.of(how.step) };
    const view = decodeTrajectory(batch, world, 0, true, draft.rows[0]);
    change(studio, { cutAsked: null, branch: { id: event.id, ...how, view } });
  } else if (event.type === 'refused' && (event.id === lab.sweepAsked || event.id === lab.cutAsked)) {
    const { id, message, hint } = event;
    change(studio, {
      refusal: { message, hint },
      sweepAsked: lab.sweepAsked === id ? null : lab.sweepAsked,
      cutAsked: lab.cutAsked === id ? null : lab.cutAsked,
    });
  }
}

function draftRow({ batch, rows }: StoredBatch): DraftRow {
  const { tokens, logProbs, entropies, stepStarts, stepCounts, passages } = batch.draft;
  const place = { update: batch.update, row: rows[0] ?? 0 };
  return { ...place, tokens, logProbs, entropies, stepStarts, steps: stepCounts[0] ?? 0, passages };
}
