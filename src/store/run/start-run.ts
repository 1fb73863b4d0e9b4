/** The one way in which a run of the engine begins. */
import type { RunConfig } from '../../config/schema';
import type { InitialWeights } from '../../trainer/protocol/protocol';
import { runSoFar } from './ghost';
import { EMPTY_LAB } from '../state/lab-state';
import { paceOf } from '../state/pace';
import { WHOLE_LIST } from '../state/row-list';
import type { InitialChoice, OpenedWeights, Studio } from '../state/studio-state';
import type { OwnWorld } from '../../recordings/recording';

/** Starts the run that was opened, from where it stood; later runs of its world and size may begin there too. */
export function startFrom(studio: Studio, opened: OpenedWeights): void {
  studio.opened = opened;
  startRun(studio, opened.config, 'opened', opened.ownWorld);
}

/** Opened weights fit one world and size only: another run begins as if nothing had been opened. */
function fittingChoice(
  { opened }: Studio,
  config: RunConfig,
  ownWorld: OwnWorld | null,
  initial: InitialChoice,
): InitialChoice {
  const sameFacts = opened?.ownWorld?.hash === ownWorld?.hash;
  const sameWorld = sameFacts && (ownWorld !== null || opened?.config.world === config.world);
  const fits = sameWorld && opened?.config.size === config.size;
  return initial === 'opened' && !fits ? 'shipped' : initial;
}

function initialWeights({ opened }: Studio, initial: InitialChoice): InitialWeights {
  if (initial !== 'opened') return { kind: initial };
  // The copy is given away; the next run may want the bytes again.
  return opened ? { kind: opened.kind, name: opened.name, bytes: opened.bytes.slice(0) } : { kind: 'shipped' };
}

/**
 * Starts a run with `config`; everything of the run before is dropped, its late events too.
 *
 * @param ownWorld the world, where it is the person's own; without it the present one's
 */
export function startRun(
  studio: Studio,
  config: RunConfig,
  wanted: InitialChoice,
  ownWorld: OwnWorld | null = studio.store.getState().ownWorld,
): void {
  const { store, client, history, batches, pins, aside, baseUrl } = studio;
  const initial = fittingChoice(studio, config, ownWorld, wanted);
  const update = initial === 'opened' ? (studio.opened?.update ?? 0) : 0;
  const lastRun = runSoFar(studio);
  history.clear();
  batches.clear();
  pins.clear();
  aside.clear();
  studio.quietCheckpoints = 0;
  const runId = store.getState().runId + 1;
  store.setState((state) => ({
    lastRun,
    config,
    draft: config,
    initial,
    draftInitial: initial,
    ownWorld,
    draftOwnWorld: ownWorld,
    runId,
    recording: null,
    savedId: null,
    savedUpdate: null,
    world: null,
    runState: 'loading',
    update,
    firstUpdate: update,
    phase: null,
    stateNote: null,
    playWanted: false,
    playing: false,
    target: null,
    resetPending: false,
    warmStart: null,
    evaluations: [],
    marks: [{ kind: 'start', update }],
    problems: [],
    breakReason: null,
    // What is looked at in a file stays: it stands before any run.
    ...(state.rollouts.file === null && { selection: null, lab: EMPTY_LAB, list: WHOLE_LIST }),
    heldUpdate: null,
    shownPin: null,
    awaited: null,
    linkedCut: null,
    pinsVersion: state.pinsVersion + 1,
    metricsVersion: state.metricsVersion + 1,
    batchVersion: state.batchVersion + 1,
  }));
  const triples = ownWorld && { name: ownWorld.name, text: ownWorld.text };
  client.send({ type: 'start', runId, config, initial: initialWeights(studio, initial), baseUrl, triples });
  // A new run knows nothing of what was set for the last one.
  const { breakpoints, pace } = store.getState();
  client.send({ type: 'breakpoints', breakpoints });
  client.send({ type: 'pace', updatesPerMinute: paceOf(pace).updatesPerMinute });
}
