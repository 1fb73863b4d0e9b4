/**
 * Cut Lab: puts a draft on the bench, asks for its sweep and for cuts by hand: the engine, whose answers lab-events.ts takes, or
 * the model server of live/live-lab.ts, where a rollout of a file lies there.
 */
import { MAX_SWEEP_REPLICATES } from '../../trainer/protocol/protocol';
import type { DraftRow } from '../../trainer/protocol/protocol';
import type { CurrentView } from '../view/current-view';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import { nextId } from '../run/ask-engine';
import { changeLab, wantedWeights } from './lab-events';
import { benchItem, depthOf } from './branch-tree';
import { benchLive, cutLive, sweepLive } from './live/live-lab';
import { EMPTY_LAB } from '../state/lab-state';
import type { LabBranch, LabWeights } from '../state/lab-state';
import { keepRows } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio, StudioState } from '../state/studio-state';
import { select } from '../view/view-actions';

/** Why the trajectory on screen cannot be cut by hand, null if it can. */
export function labRefusal({ runState, recording }: StudioState, { trajectory }: CurrentView): string | null {
  if (recording !== null) {
    return 'This trajectory is recorded: what follows from another cut is computed by the weights of its run.';
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
  const { engine, trajectory, side } = view;
  if (!view.chosen) select(studio, { row: trajectory.row, side, step: view.step.number });
  const state = studio.store.getState();
  if (engine === null || labRefusal(state, view) !== null) return;
  const key = `${state.shownPin ?? 'batch'} ${engine.batch.update} ${trajectory.row}`;
  if (state.lab.key === key) return;
  const root = keepRows(engine, [trajectory.place]);
  const pinned = state.shownPin === null ? undefined : studio.pins.get(state.shownPin);
  const pin = pinned ? { update: pinned.update, group: pinned.group } : null;
  const { weights } = state.lab;
  const step = Math.min(trajectory.draft.steps.length, state.linkedCut ?? firstStep(trajectory));
  studio.store.setState({ lab: { ...EMPTY_LAB, key, root, pin, draft: root, weights, step }, linkedCut: null });
  runSweep(studio);
}

/** The row before or after this one in its batch, if there is one. */
export function neighbourRow({ stored, trajectory }: CurrentView, direction: -1 | 1): number | null {
  return stored.rows[trajectory.place + direction] ?? null;
}

export function moveScissors(studio: Studio, step: number): void {
  const { draft, live } = studio.store.getState().lab;
  const steps = live?.view.draft.steps.length ?? draft?.batch.draft.stepCounts[0] ?? 0;
  changeLab(studio, { step: Math.min(steps, Math.max(1, step)) });
}

/** Puts a branch on the bench to be cut itself, or the draft again (null). */
export function putOnBench(studio: Studio, at: number | null): void {
  const { lab, world } = studio.store.getState();
  const { root, branches, live } = lab;
  if (live !== null) return benchLive(studio, at);
  const branch = branches.find(({ id }) => id === at) ?? null;
  if (root === null || world === null || (at !== null && branch === null)) return;
  const draft = benchItem(root, branch);
  const steps = draft.batch.draft.stepCounts[0] ?? 1;
  changeLab(studio, {
    ...{ draft, at, branch: null, sweep: null, sweepAsked: null, cutAsked: null, refusal: null },
    step: Math.min(steps, branch?.step ?? lab.step),
  });
  runSweep(studio);
}

/** Shows a branch beside what it was cut from. */
export function showBranch(studio: Studio, branch: LabBranch): void {
  if (studio.store.getState().lab.at !== branch.parent) putOnBench(studio, branch.parent);
  changeLab(studio, { branch, step: branch.step });
}

/** Drops a branch and those that were cut from it. */
export function dropBranch(studio: Studio, id: number): void {
  const { lab } = studio.store.getState();
  const gone = new Set([id]);
  for (const branch of lab.branches) if (branch.parent !== null && gone.has(branch.parent)) gone.add(branch.id);
  const branches = lab.branches.filter((branch) => !gone.has(branch.id));
  changeLab(studio, { branches, branch: lab.branch && gone.has(lab.branch.id) ? null : lab.branch });
  if (lab.at !== null && gone.has(lab.at)) putOnBench(studio, null);
}

/** The sweep of other weights is another one. */
export function setLabWeights(studio: Studio, weights: LabWeights): void {
  changeLab(studio, { weights, sweep: null, sweepAsked: null });
  runSweep(studio);
}

/** Asks for more replicates of every cut, the first ones if there are none. */
export function runSweep(studio: Studio): void {
  const { lab } = studio.store.getState();
  const { draft, sweep, sweepAsked } = lab;
  if (lab.live !== null) return void sweepLive(studio);
  if (draft === null || sweepAsked !== null) return;
  const id = nextId();
  changeLab(studio, { sweepAsked: id, refusal: null });
  const firstReplicate = sweep === null ? 0 : sweep.firstReplicate + sweep.replicates;
  const replicates = MAX_SWEEP_REPLICATES;
  const weights = wantedWeights(lab);
  studio.client.send({
    ...{ type: 'sweep', id, draft: labDraft(studio), firstReplicate, replicates },
    ...(weights === null ? {} : { weights }),
  });
}

/** Cuts where the scissors are: the same cut draws the numbers of before, `again` new ones. */
export function cutHere(studio: Studio, again = false): void {
  const { lab } = studio.store.getState();
  const { draft, step, branch } = lab;
  if (lab.live !== null) return void cutLive(studio, again);
  if (draft === null) return;
  const id = nextId();
  changeLab(studio, { cutAsked: id, refusal: null });
  // Every cut of a draft draws the same numbers, so that two of them differ in where they are and in nothing else.
  const replicate = (branch?.replicate ?? 0) + (again && branch !== null ? 1 : 0);
  const weights = wantedWeights(lab);
  studio.client.send({
    ...{ type: 'cut', id, draft: labDraft(studio), step, replicate },
    ...(weights === null ? {} : { weights }),
  });
}

/** What lies on the bench, as the engine takes it. */
export function labDraft(studio: Studio): DraftRow {
  const { lab, config } = studio.store.getState();
  const { draft, pin } = lab;
  const place = draft?.rows[0] ?? 0;
  const asked = pin
    ? { update: pin.update, row: pin.group * config.groupSize + place, pinned: true }
    : { update: draft?.batch.update ?? 0, row: place };
  return { ...asked, revision: 1 + depthOf(lab.branches, lab.at), ...draftArrays(draft) };
}

function draftArrays(draft: StoredBatch | null): Omit<DraftRow, 'update' | 'row'> {
  if (draft === null) throw new Error('nothing lies on the bench');
  const { tokens, logProbs, entropies, stepStarts, stepCounts, passages } = draft.batch.draft;
  return { tokens, logProbs, entropies, stepStarts, steps: stepCounts[0] ?? 0, passages };
}
