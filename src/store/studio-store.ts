/**
 * State of the page. Commands go to the trainer's client, its events come in here. Metric series and trajectory batches live
 * in plain objects beside the store (`history`, `batches`); the store holds version numbers that tell React when to look.
 */
import { createStore } from 'zustand/vanilla';
import { configForPreset } from '../config/schema';
import type { RunConfig } from '../config/schema';
import { createTrainerClient, createWorkerPort } from '../trainer/client';
import type { TrainerClient } from '../trainer/client';
import { NO_BREAKPOINTS } from '../trainer/protocol/protocol';
import { BatchArchive } from '../recordings/capsule/archive';
import { Aside } from './state/aside';
import { EMPTY_LAB } from './state/lab-state';
import { NO_LESSON } from './state/lessons-state';
import type { LessonsState } from './state/lessons-state';
import { MetricHistory } from '../recordings/metric-history';
import { WHOLE_PAGE } from './state/page-options';
import type { PageOptions } from './state/page-options';
import { PinBoard } from '../recordings/pin-board';
import { NO_ROLLOUTS } from './state/rollouts-state';
import { WHOLE_LIST } from './state/row-list';
import type { Studio, StudioState, ViewName } from './state/studio-state';
import { TextSearch } from './state/text-search';
import { applyEvent } from './trainer-events';

export interface StudioOptions {
  client: TrainerClient;
  openWorker?: () => TrainerClient;
  baseUrl: string;
  config?: RunConfig;
  notes?: readonly string[];
  view?: ViewName;
  page?: PageOptions;
  lesson?: LessonsState['at'];
}

export function createStudio(options: StudioOptions): Studio {
  const config = options.config ?? configForPreset('search-r2');
  const store = createStore<StudioState>()(() => ({
    support: { status: 'checking' },
    view: options.view ?? 'studio',
    settingsOpen: false,
    config,
    draft: config,
    initial: 'shipped',
    draftInitial: 'shipped',
    ownWorld: null,
    draftOwnWorld: null,
    pageBefore: null,
    ownWorldDialog: null,
    notes: [...(options.notes ?? [])],
    runId: 0,
    savedId: null,
    savedUpdate: null,
    saveEvery: 0,
    saveProblem: null,
    toldSaveProblem: null,
    runsOpen: false,
    savedRuns: null,
    offer: null,
    recording: null,
    adapter: null,
    world: null,
    runState: null,
    update: 0,
    firstUpdate: 0,
    phase: null,
    stateNote: null,
    playWanted: false,
    playing: false,
    target: null,
    resetPending: false,
    warmStart: null,
    evaluations: [],
    marks: [],
    breakpoints: NO_BREAKPOINTS,
    breakReason: null,
    pace: 'full',
    stepTrains: 'both',
    replay: null,
    stageHeld: false,
    problems: [],
    doctor: null,
    metricsVersion: 0,
    batchVersion: 0,
    selection: null,
    inspection: null,
    heldUpdate: null,
    awaited: null,
    linkedCut: null,
    page: options.page ?? WHOLE_PAGE,
    lab: EMPTY_LAB,
    lastRun: null,
    ghost: null,
    setAside: null,
    list: WHOLE_LIST,
    pinsVersion: 0,
    shownPin: null,
    onlyListed: null,
    rollouts: NO_ROLLOUTS,
    compared: [],
    picking: null,
    announcement: '',
    newVersion: null,
    labels: null,
    lessons: { ...NO_LESSON, at: options.lesson ?? null },
  }));
  const studio: Studio = {
    store,
    client: options.client,
    openWorker: options.openWorker ?? (() => createTrainerClient(createWorkerPort())),
    stopDoctor: null,
    history: new MetricHistory(),
    batches: new BatchArchive(),
    pins: new PinBoard(),
    opened: null,
    aside: new Aside(),
    quietCheckpoints: 0,
    lessonSeed: 0,
    lessonScale: 1,
    rollouts: { shelf: null, other: null, cancel: null, stopFollowing: null },
    search: new TextSearch(),
    baseUrl: options.baseUrl,
    receive: (event) => applyEvent(studio, event),
    dispose: () => options.client.dispose(),
  };
  options.client.subscribe((event) => studio.receive(event));
  return studio;
}
