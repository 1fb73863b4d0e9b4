/** Types of the page's state. Apart from the store itself, so that events and actions can name them without a cycle. */
import type { StoreApi } from 'zustand/vanilla';
import type { RunConfig } from '../../config/schema';
import type { TrainerClient } from '../../trainer/client';
import type {
  AdapterDescription,
  Breakpoints,
  EvaluationResult,
  Inspection,
  Phase,
  RunState,
  TrainedPart,
  TrainerEvent,
  TriplesFile,
  TriplesReading,
  TriplesSummary,
  WorldDescription,
} from '../../trainer/protocol/protocol';
import type { BatchArchive } from '../../recordings/capsule/archive';
import type { Aside } from './aside';
import type { Compared, RowRef } from './compared';
import type { LabState } from './lab-state';
import type { LabelsShown } from './labels-state';
import type { LessonsState } from './lessons-state';
import type { LiveState } from './live-state';
import type { MetricHistory, RecordedMetrics } from '../../recordings/metric-history';
import type { OtherTrajectory } from './other-trajectory';
import type { PaceId } from './pace';
import type { PageOptions } from './page-options';
import type { PinBoard } from '../../recordings/pin-board';
import type { OwnWorld, Recording } from '../../recordings/recording';
import type { RolloutsHolder, RolloutsState } from './rollouts-state';
import type { ListQuery } from './row-list';
import type { SavedRun } from '../../recordings/saved-run';
import type { Selection } from './selection';
import type { StageMoment } from '../../recordings/stage/stage-moments';
import type { TextSearch } from './text-search';
import type { TimelineMark } from '../../recordings/timeline-mark';
import type { WebGpuSupport } from './webgpu-support';

export type { Selection, TriplesSummary };

export type ViewName = 'studio' | 'cutLab' | 'ask' | 'lessons';
/** `opened`: the weights that a person opened last. */
export type InitialChoice = 'shipped' | 'warmStart' | 'opened';

/** First weights that came from a file. */
export interface OpenedWeights {
  /** A run goes on where it stood; from weights alone one begins. */
  kind: 'checkpoint' | 'base';
  /** What the file was called. */
  name: string;
  bytes: ArrayBuffer;
  /** What the run in it, or the one that begins from it, is made of. */
  config: RunConfig;
  /** Updates that it has behind it. */
  update: number;
  /** The world that it was trained on, where that is somebody's own. */
  ownWorld: OwnWorld | null;
}

/** The dialog in which a world of one's own is made. */
export interface OwnWorldDialog {
  /** What a link asks for; only facts with this hash start its run. */
  wanted: { name: string; hash: string } | null;
  /** What is in the dialog. */
  file: TriplesFile;
  /** What the engine made of it; null while it has not answered. */
  reading: TriplesReading | null;
  asked: number;
  /** What its file was read as; null for UTF-8, and for what was typed. */
  encoding: string | null;
}

/** A place in a run that a link names. */
export interface Moment {
  update: number;
  selection: Selection | null;
  /** Where the scissors of Cut Lab stand. */
  cut: number | null;
}

export interface WarmStartPoint {
  batch: number;
  batches: number;
  loss: number;
  /** From where the time of a batch is measured; nothing is known after a pause. */
  since: { batch: number; at: number } | null;
  /** By the batches since then. */
  secondsLeft: number | null;
}

/** The page as it was before a run on one's own facts, while that one is still getting ready. */
export interface PageBefore {
  /** Of the run on one's own facts. */
  runId: number;
  /** Questions of its world, with their answers. */
  examples: TriplesSummary['examples'];
  config: RunConfig;
  initial: InitialChoice;
  ownWorld: OwnWorld | null;
  /** What was on screen: a recording, or the live run with a checkpoint to go on from. */
  shown: ShownRecording | null;
  isLive: boolean;
  savedId: string | null;
  savedUpdate: number | null;
}

/** The dialog of the doctor, from its opening to its closing. */
export interface DoctorState {
  /** The report so far, '' before there is any. */
  text: string;
  /** Being run; between runs it has found nothing wrong, or something. */
  status: 'running' | 'healthy' | 'unhealthy' | 'stopped';
  /** What else is to be said: why there is no whole report, or that it was copied. */
  note: string | null;
}

export interface Problem {
  id: number;
  message: string;
  hint: string;
  fatal: boolean;
  /** Settings of a run that needs less of the machine. */
  smaller?: RunConfig | undefined;
}

/** A recorded run that is on screen. */
export interface ShownRecording {
  recording: Recording;
  /** Whose it is: the example that ships with the page gives way to the live run, any other can be gone on with. */
  source: 'example' | 'file' | 'saved';
  /** The name of its file, or of the saved run. */
  title: string;
  /** The update up to which it is shown so far. */
  playedTo: number;
  playing: boolean;
}

export interface StudioState {
  support: WebGpuSupport;
  view: ViewName;
  settingsOpen: boolean;
  /** The configuration the engine runs. */
  config: RunConfig;
  /** The one being edited in the drawer. */
  draft: RunConfig;
  initial: InitialChoice;
  draftInitial: InitialChoice;
  /** The world of the run, where it is the person's own: config.world then says nothing. */
  ownWorld: OwnWorld | null;
  draftOwnWorld: OwnWorld | null;
  /** Open while not null. */
  pageBefore: PageBefore | null;
  ownWorldDialog: OwnWorldDialog | null;
  /** What was clamped or left out of the link, or chosen for this machine. */
  notes: string[];
  runId: number;
  /** What is on screen in place of the engine's run. */
  recording: ShownRecording | null;
  /** Where this run is saved, null before it is; and the update that was saved last. */
  savedId: string | null;
  savedUpdate: number | null;
  /** Updates between two automatic saves; 0 saves nothing. */
  saveEvery: number;
  /** Why the run could not be saved, until it is dismissed; and what was told last, which is not told at every update. */
  saveProblem: { message: string; hint: string } | null;
  toldSaveProblem: string | null;
  runsOpen: boolean;
  /** null until the list is opened. */
  savedRuns: readonly SavedRun[] | null;
  /** A run of an earlier visit to go on with. */
  offer: SavedRun | null;
  adapter: AdapterDescription | null;
  world: WorldDescription | null;
  runState: RunState | null;
  update: number;
  /** Updates that the run had behind it when it began here; Reset goes back to them. */
  firstUpdate: number;
  phase: Phase | null;
  stateNote: string | null;
  /** Play was pressed while the engine could not start yet. */
  playWanted: boolean;
  /** The engine was told to play and has neither paused nor been told to. It stays true while it evaluates in between. */
  playing: boolean;
  /** The update at which playing ends; null plays until paused. */
  target: number | null;
  /** Between a reset and the engine's answer, what still arrives belongs to the updates that were thrown away. */
  resetPending: boolean;
  warmStart: WarmStartPoint | null;
  evaluations: EvaluationResult[];
  marks: TimelineMark[];
  breakpoints: Breakpoints;
  pace: PaceId;
  /** What a step trains. */
  stepTrains: TrainedPart;
  /** Where the stage is; null shows everything. */
  replay: StageMoment | null;
  /** The stage waits for a person instead of the clock. */
  stageHeld: boolean;
  /** Which breakpoint paused the run; null once it goes on. */
  breakReason: string | null;
  problems: Problem[];
  /** null while its dialog is closed. */
  doctor: DoctorState | null;
  metricsVersion: number;
  batchVersion: number;
  selection: Selection | null;
  /** The newest answer to what was asked of the tokens of one trajectory. */
  inspection: (Inspection & { id: number }) | null;
  /** The update that is held on screen; null shows the newest. */
  heldUpdate: number | null;
  /** What the link names and the run has not reached yet. */
  awaited: Moment | null;
  /** Where Cut Lab puts the scissors for the trajectory that the link named; null wherever it does so by itself. */
  linkedCut: number | null;
  /** What the link hides or locks. */
  page: PageOptions;
  lab: LabState;
  /** The run before this one, and the one whose curves lie behind this one's. */
  lastRun: RecordedMetrics | null;
  ghost: RecordedMetrics | null;
  /** A trajectory of any run of this page that others are put beside. */
  setAside: OtherTrajectory | null;
  list: ListQuery;
  pinsVersion: number;
  /** The pinned question whose trajectories are listed instead of the batch's. */
  shownPin: number | null;
  /** Whether Save takes the listed rows alone; null before anybody said so: of a file yes, of a run all that it keeps. */
  onlyListed: boolean | null;
  /** A file of trajectories that is read or shown in place of the run's. */
  rollouts: RolloutsState;
  /** What lies over the page to be compared, the newest last; each goes back to the one before. Closed while empty. */
  compared: readonly Compared[];
  /** The trajectory to which the next one that is pressed in the list is compared. */
  picking: RowRef | null;
  /** Short confirmation for screen readers and the status line, e.g. "Link copied". */
  announcement: string;
  /** Loads the newer version of the page that is waiting; null where there is none. */
  newVersion: (() => void) | null;
  lessons: LessonsState;
  /** A model server that can be asked; undefined where none was named. */
  live?: LiveState;
  /** What a person said of the rows on screen; null until that is known. */
  labels: LabelsShown | null;
}

/** What of the state belongs to the run on screen, and not to the engine or the page. */
export type Picture = Pick<
  StudioState,
  'world' | 'update' | 'evaluations' | 'marks' | 'selection' | 'heldUpdate' | 'shownPin' | 'lab' | 'list'
>;

export interface Studio {
  store: StoreApi<StudioState>;
  client: TrainerClient;
  /** Another worker of the engine, for what must not disturb the one of the run. */
  openWorker: () => TrainerClient;
  /** Ends what the doctor has under way; null where there is nothing. */
  stopDoctor: (() => void) | null;
  history: MetricHistory;
  batches: BatchArchive;
  pins: PinBoard;
  /** What `initial: 'opened'` stands for; null before anything was opened. */
  opened: OpenedWeights | null;
  aside: Aside<Picture>;
  /** Checkpoints under way that nobody asked for: they leave no mark. */
  quietCheckpoints: number;
  /** Of the last lesson that was computed here; each time another, so that questions change. */
  lessonSeed: number;
  /** Of the runs that a lesson trains here: 1 as recorded. */
  lessonScale: number;
  rollouts: RolloutsHolder;
  search: TextSearch;
  /** Where the page lives: shipped weights and worlds are fetched relative to it. */
  baseUrl: string;
  /** What an event of the engine does to the page. */
  receive(event: TrainerEvent): void;
  dispose(): void;
}
