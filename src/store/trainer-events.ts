/** What each event of the engine does to the page's state. */
import { afterBatch } from './run/warm-start';
import type { TrainerEvent } from '../trainer/protocol/protocol';
import { applyLabEvent } from './lab/lab-events';
import { settingOf } from '../config/schema';
import { changesBetween } from './run/config-draft';
import { reportProblem } from './state/problems';
import { reachMoment } from './view/moment';
import { startStage } from './view/stage';
import { applyTriplesRead } from './files/world/own-world';
import { endAtTarget } from './run/run-target';
import { sendPlay } from './run/send-play';
import { HISTORY_CAPACITY } from '../recordings/metric-history';
import { storeBatch } from '../recordings/stored-batch';
import type { TimelineMark } from '../recordings/timeline-mark';
import { addBatch, addMetrics } from './run/add-update';
import type { Studio, StudioState } from './state/studio-state';

function withMark(state: StudioState, mark: TimelineMark): TimelineMark[] {
  const known = state.marks.some((other) => other.kind === mark.kind && other.update === mark.update);
  return known ? state.marks : [...state.marks, mark].slice(-HISTORY_CAPACITY);
}

export function applyEvent(studio: Studio, event: TrainerEvent): void {
  const { store, pins } = studio;
  if (studio.aside.keep(event)) return;
  const { resetPending, firstUpdate } = store.getState();
  if (resetPending && (event.type === 'metrics' || event.type === 'trajectories' || event.type === 'pinned')) return;
  if (resetPending && event.type === 'state' && event.update > firstUpdate) return;
  switch (event.type) {
    case 'adapter':
      store.setState({ adapter: event.adapter });
      return;
    case 'world':
      store.setState({ world: event.world });
      return;
    case 'state': {
      const { playWanted } = store.getState();
      store.setState((state) => ({
        runState: event.state,
        // A run that goes on from a checkpoint is where it was while it loads.
        update: state.recording !== null || event.state === 'loading' ? state.update : event.update,
        phase: event.phase,
        stateNote: event.note,
        resetPending: false,
        warmStart: state.warmStart && { ...state.warmStart, since: null, secondsLeft: null },
        breakReason: event.state === 'running' ? null : state.breakReason,
        marks: event.state === 'warmStart' ? withMark(state, { kind: 'warmStart', update: event.update }) : state.marks,
        playWanted: ['paused', 'failed', 'running'].includes(event.state) ? false : state.playWanted,
        playing: event.state === 'running' || (state.playing && event.state === 'evaluating'),
      }));
      if (event.state === 'paused') endAtTarget(studio);
      // Play was pressed before the weights were there: keep the promise now.
      if (playWanted && event.state === 'paused') sendPlay(studio);
      return;
    }
    case 'warmStart':
      store.setState(({ warmStart }) => ({ warmStart: afterBatch(warmStart, event, performance.now()) }));
      return;
    case 'metrics':
      addMetrics(studio, { update: event.update, updateMs: event.updateMs, metrics: event.metrics });
      return;
    case 'trajectories':
      addBatch(studio, storeBatch(event.batch, store.getState().config.refiner !== 'none'));
      reachMoment(studio);
      if (store.getState().pace === 'slow' && store.getState().heldUpdate === null) startStage(studio);
      return;
    case 'evaluation':
      store.setState((state) => ({
        evaluations: [...state.evaluations.filter((other) => other.update !== event.result.update), event.result].slice(
          -HISTORY_CAPACITY,
        ),
        marks: withMark(state, { kind: 'evaluation', update: event.result.update }),
      }));
      return;
    case 'pinned': {
      const { world, config } = store.getState();
      if (world) pins.record(event.id, event.batch, config.refiner !== 'none', world);
      store.setState((state) => ({ pinsVersion: state.pinsVersion + 1 }));
      return;
    }
    case 'checkpoint':
      if (studio.quietCheckpoints > 0) {
        studio.quietCheckpoints -= 1;
        return;
      }
      store.setState((state) => ({ marks: withMark(state, { kind: 'checkpoint', update: event.update }) }));
      return;
    case 'configured': {
      const changed = changesBetween(store.getState().config, event.config).map(({ key }) => settingOf(key).label);
      store.setState((state) => ({
        config: event.config,
        marks: withMark(state, { kind: 'settings', update: event.update, note: changed.join(', ') }),
      }));
      return;
    }
    case 'inspection':
      store.setState({ inspection: { ...event.inspection, id: event.id } });
      return;
    case 'vetted':
      return;
    case 'swept':
    case 'branch':
    case 'refused':
      applyLabEvent(studio, event);
      return;
    // Whoever asked hears these (ask-engine.ts, doctor.ts).
    case 'examining':
    case 'examined':
    case 'alternatives':
    case 'attention':
    case 'changed':
    case 'continued':
    case 'facts':
    case 'answered':
      return;
    case 'triplesRead':
      applyTriplesRead(studio, event);
      return;
    case 'breakpoint':
      store.setState((state) => ({
        breakReason: `Breakpoint at update ${event.update}: ${event.reason}`,
        marks: withMark(state, { kind: 'breakpoint', update: event.update, note: event.reason }),
      }));
      return;
    case 'error': {
      const { message, hint, fatal, smaller } = event;
      reportProblem(studio, { message, hint, fatal, smaller });
      if (fatal) store.setState({ runState: 'failed', phase: null });
      return;
    }
  }
}
