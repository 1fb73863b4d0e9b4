/** A run as the page shows it, whatever became of the engine: what a capsule and a saved run hold. */
import type { RunConfig } from '../config/schema';
import type { EvaluationResult, TriplesFile, WorldDescription } from '../trainer/protocol/protocol';
import type { MetricRow } from './metric-history';
import type { StoredBatch } from './stored-batch';
import type { TimelineMark } from './timeline-mark';

/** The state after an update, from which a run goes on exactly. */
export interface RecordedCheckpoint {
  update: number;
  weightsHash: string;
  /** A `cutpoint-checkpoint` file. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** A world of somebody's own triples. */
export interface OwnWorld extends TriplesFile {
  /** Of its facts, in order. */
  hash: string;
}

export interface Recording {
  config: RunConfig;
  world: WorldDescription;
  /** The facts, where the world is somebody's own: without them the run cannot go on. */
  ownWorld: OwnWorld | null;
  /** Name of the adapter that computed it; '' where that is not known. */
  adapter: string;
  /** Updates that it has. */
  update: number;
  /** Ascending by update, each. */
  metrics: readonly MetricRow[];
  evaluations: readonly EvaluationResult[];
  marks: readonly TimelineMark[];
  batches: readonly StoredBatch[];
  checkpoints: readonly RecordedCheckpoint[];
}

/** What of a recording was there after `update`; its checkpoints up to then. */
export function recordingUntil(recording: Recording, update: number): Recording {
  const early = <T extends { update: number }>(all: readonly T[]): T[] => all.filter((one) => one.update <= update);
  return {
    ...recording,
    update: Math.min(recording.update, update),
    metrics: early(recording.metrics),
    evaluations: early(recording.evaluations),
    marks: early(recording.marks),
    batches: recording.batches.filter(({ batch }) => batch.update <= update),
    checkpoints: early(recording.checkpoints),
  };
}

/** Several parts of one run, in the order in which they were recorded, as one. Later parts replace what overlaps. */
export function joinRecordings(parts: readonly Recording[]): Recording | null {
  const [first, ...rest] = parts;
  if (first === undefined) return null;
  return rest.reduce((run, part) => {
    const newer = new Set(part.evaluations.map(({ update }) => update));
    const firstRow = part.metrics[0]?.update ?? Infinity;
    const firstBatch = part.batches[0]?.batch.update ?? Infinity;
    return {
      ...part,
      metrics: [...run.metrics.filter(({ update }) => update < firstRow), ...part.metrics],
      evaluations: [...run.evaluations.filter(({ update }) => !newer.has(update)), ...part.evaluations],
      marks: joinMarks(run.marks, part.marks, firstRow),
      batches: [...run.batches.filter(({ batch }) => batch.update < firstBatch), ...part.batches],
      checkpoints: [...run.checkpoints, ...part.checkpoints],
    };
  }, first);
}

/** Each once: a part may tell what the one before has told. Those from update `from` on are the later part's. */
function joinMarks(marks: readonly TimelineMark[], later: readonly TimelineMark[], from: number): TimelineMark[] {
  const isTold = (mark: TimelineMark): boolean =>
    later.some(({ kind, update }) => kind === mark.kind && update === mark.update);
  return [...marks.filter((mark) => mark.update < from && !isTold(mark)), ...later];
}
