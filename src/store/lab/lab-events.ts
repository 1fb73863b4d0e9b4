/** What the engine answers to Cut Lab. In the page from the start, as all events are; what asks is fetched with the view. */
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { mergeSweeps } from '../../recordings/merge-sweeps';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import type { LabBranch, LabState } from '../state/lab-state';
import type { Studio } from '../state/studio-state';

export function changeLab({ store }: Studio, part: Partial<LabState>): void {
  store.setState((state) => ({ lab: { ...state.lab, ...part } }));
}

/** The update whose weights are wanted, null for the present ones. */
export function wantedWeights({ weights, root }: LabState): number | null {
  return weights === 'shown' ? (root?.batch.update ?? null) : null;
}

/** Branches of one trajectory that are kept; the oldest that nobody cut goes first. */
const MOST_BRANCHES = 24;

type LabEvent = Extract<TrainerEvent, { type: 'swept' | 'branch' | 'refused' }>;

/** Takes an answer; one to what is no longer asked is dropped. */
export function applyLabEvent(studio: Studio, event: LabEvent): void {
  const { lab, world } = studio.store.getState();
  const { draft } = lab;
  if (draft === null || world === null) return;
  if (event.type === 'swept' && event.id === lab.sweepAsked) {
    changeLab(studio, { sweepAsked: null, sweep: mergeSweeps(lab.sweep, event.sweep) });
  } else if (event.type === 'branch' && event.id === lab.cutAsked) {
    const { side, step, replicate, update } = event.branch;
    const batch = { ...draft.batch, final: side, cuts: Uint8Array.of(step) };
    const view = decodeTrajectory(batch, world, 0, true, draft.rows[0]);
    const how = { parent: lab.at, step, replicate, update, wanted: wantedWeights(lab), forced: null };
    const made: LabBranch = { id: event.id, ...how, side, view };
    addBranch(studio, made);
    changeLab(studio, { cutAsked: null });
  } else if (event.type === 'refused' && (event.id === lab.sweepAsked || event.id === lab.cutAsked)) {
    const { id, message, hint } = event;
    changeLab(studio, {
      refusal: { message, hint },
      sweepAsked: lab.sweepAsked === id ? null : lab.sweepAsked,
      cutAsked: lab.cutAsked === id ? null : lab.cutAsked,
    });
  }
}

/** Shows a branch of what lies on the bench, and keeps it unless it is there already. */
export function addBranch(studio: Studio, made: LabBranch): void {
  const { branches } = studio.store.getState().lab;
  const known = branches.find((other) => isSameCut(other, made));
  changeLab(studio, { branch: known ?? made, branches: known ? branches : withBranch(branches, made) });
}

/** The same cut with the same numbers and weights: what follows is the same to the last token. */
function isSameCut(a: LabBranch, b: LabBranch): boolean {
  const same = a.parent === b.parent && a.step === b.step && a.replicate === b.replicate && a.update === b.update;
  return (
    same &&
    a.live?.text === b.live?.text &&
    a.forced?.position === b.forced?.position &&
    String(a.forced?.tokens) === String(b.forced?.tokens)
  );
}

function withBranch(branches: readonly LabBranch[], branch: LabBranch): LabBranch[] {
  const isLeaf = ({ id }: LabBranch): boolean => id !== branch.parent && !branches.some(({ parent }) => parent === id);
  const oldest = branches.length < MOST_BRANCHES ? undefined : branches.find(isLeaf);
  return [...branches.filter((other) => other !== oldest), branch];
}
