/** Cut Lab on a rollout of a file: what the engine does for our own trajectories, a model server does here. */
import { UserError } from '../../../lib/assert';
import { modelLabel } from '../../../lib/model-label';
import { lineAt, spanOf } from '../../../rollouts/file/read-file';
import { chatServer } from '../../../rollouts/live/chat-server';
import { compareRendered } from '../../../rollouts/live/compare-rendered';
import type { Rendered } from '../../../rollouts/live/compare-rendered';
import { liveServer } from '../../../rollouts/live/live-server';
import type { LiveServer } from '../../../rollouts/live/live-server';
import { openRollout } from '../../../rollouts/live/open-rollout';
import type { LiveRollout } from '../../../rollouts/live/open-rollout';
import type { Abilities } from '../../../rollouts/live/probe';
import { regenerate } from '../../../rollouts/live/regenerate';
import type { RegenerateFrom } from '../../../rollouts/live/regenerate';
import { readSeed, writtenSeed } from '../../../rollouts/live/served-seed';
import { isObject, parsedLoosely } from '../../../rollouts/text/json';
import { verdictOf } from '../../../recordings/decode-trajectory';
import type { SideView, TrajectoryView } from '../../../recordings/decode-trajectory';
import type { CutSweep, TrajectorySide } from '../../../trainer/protocol/protocol';
import { nextId } from '../../run/ask-engine';
import { EMPTY_LAB } from '../../state/lab-state';
import type { LabBranch, LabState, LiveBench, LiveRow, LiveText } from '../../state/lab-state';
import type { LiveState } from '../../state/live-state';
import { firstRow } from '../../state/rollouts-state';
import type { OpenedRollouts } from '../../state/rollouts-state';
import type { Studio, StudioState } from '../../state/studio-state';
import type { CurrentView } from '../../view/current-view';
import { sideView } from '../../view/rollout-views';
import { addBranch, changeLab } from '../lab-events';
import { probeAgain, problemText } from './connection';
import { asking, cancelLive, endCut, isAsked } from './under-way';

/** Regenerations of each cut that are asked for at once, as in the engine. */
export const REPLICATES = 16;

/** How often what comes of a sweep is drawn: a fast server is done before. */
const SHOWN_EVERY_MS = 100;

/** A text has no token numbers of ours. */
const NO_SIDE: TrajectorySide = {
  ...{ tokens: new Uint16Array(0), lengths: new Uint16Array(0), logProbs: new Float32Array(0) },
  ...{ entropies: new Float32Array(0), stepStarts: new Uint16Array(0), stepCounts: new Uint8Array(0) },
  ...{ reasons: new Uint8Array(0), passages: new Int32Array(0), passageClasses: new Uint8Array(0) },
  ...{ scores: new Float32Array(0), useful: new Uint8Array(0), shares: new Float32Array(0) },
  ...{ em: new Uint8Array(0), rewards: new Float32Array(0), coverage: new Float32Array(0) },
};

/** Why no rollout can be cut now, null where one can. */
export function liveRefusal({ live }: StudioState): string | null {
  if (!live) return null;
  if (live.problem !== null) return live.problem;
  if (live.abilities === null) return 'Finding out what the model server does …';
  return live.abilities.continues === false && live.abilities.chat === null ? WRAPS : null;
}

const WRAPS =
  'This model server does not go on from a text as if it had written it, so a cut would compare different things. Start it so that /v1/completions takes the text as it is.';

/** @throws UserError where the server cannot go on from such a rollout as its model did */
export function serverOf({ post, abilities }: LiveState, { chat }: Pick<LiveRollout, 'chat'>): LiveServer {
  if (abilities === null) throw new UserError('No model is connected.');
  const server = liveServer(post, abilities.model, abilities);
  if (chat !== null) return chatServer(post, abilities, chat, server.retrieve);
  if (abilities.continues === false) throw new UserError(WRAPS);
  return server;
}

/** The line of a row of the opened file. */
export async function lineOf(studio: Studio, row: number): Promise<string> {
  const { shelf } = studio.rollouts;
  if (shelf === null) throw new UserError('The file was closed.');
  await shelf.file.lines.fetch([spanOf(shelf.file.table, row)]);
  return lineAt(shelf.file, row);
}

/** Puts the rollout on screen on the bench, unless it lies there. */
export async function enterLive(studio: Studio, { trajectory }: CurrentView): Promise<void> {
  const { store } = studio;
  const { live, rollouts, lab } = store.getState();
  const { file } = rollouts;
  if (!live?.abilities || file === null || liveRefusal(store.getState()) !== null) return;
  const row = firstRow(file) + trajectory.place;
  const key = keyOf(file, row);
  if (lab.key === key || lab.live?.asked === key) return;
  cancelLive(studio);
  store.setState({ lab: { ...EMPTY_LAB, key } });
  try {
    const line = await lineOf(studio, row);
    const rollout = openRollout(line, 'draft');
    const draft = sideView(rollout.read(rollout.text));
    const other = trajectory.cut > 0 ? openRollout(line, 'final') : null;
    const view = viewOf(trajectory, draft, other ? sideView(other.read(other.text)) : draft, trajectory.cut);
    if (store.getState().lab.key !== key) return;
    const { continues, seeded, stop } = live.abilities;
    if (!live.withText && rollout.chat === null && [continues, seeded, stop].includes(null))
      await probeAgain(studio, rollout.prompt);
    const now = studio.store.getState().live ?? live;
    serverOf(now, rollout);
    const rendered = await renderedBy(now, rollout, line);
    if (liveRefusal(store.getState()) !== null || store.getState().lab.key !== key) return;
    const seed = benchSeed(now, rollout);
    changeLab(studio, {
      live: { ...newBench(live.abilities, rollout, view), rendered, seed, asked: null, review: null },
      step: Math.max(1, trajectory.cut),
    });
  } catch (error) {
    if (store.getState().lab.key === key) changeLab(studio, { refusal: { message: problemText(error), hint: '' } });
  }
}

/** Of a rollout of our own that our own server goes on from, the engine's; other servers may not take so large a number. */
export function benchSeed({ abilities }: LiveState, { seed }: LiveRollout): bigint {
  return abilities?.seedLists === true ? (seed ?? 1n) : 1n;
}

/** A seed that a person types; null where the server takes none such. Our own takes more digits than a number of JSON holds. */
export function typedSeed({ live }: StudioState, text: string): bigint | null {
  const seed = readSeed(text.trim());
  return seed !== null && (live?.abilities?.seedLists === true || typeof writtenSeed(seed) === 'number') ? seed : null;
}

/** Of a chat, before its first regeneration: whether the server renders it as its model saw it. */
async function renderedBy(
  { post, abilities }: LiveState,
  rollout: LiveRollout,
  line: string,
): Promise<Rendered | null> {
  const row = parsedLoosely(line)?.value;
  if (rollout.chat === null || abilities === null || !isObject(row)) return null;
  return compareRendered(post, abilities, rollout.chat, rollout.prompt, row, new AbortController().signal);
}

/** A rollout on the bench before anything was asked of it. */
export function newBench(
  { model }: Abilities,
  rollout: LiveRollout,
  view: TrajectoryView,
): Pick<LiveBench, 'model' | 'rollout' | 'text' | 'view' | 'rows' | 'wanted'> {
  return { model: modelLabel(model), rollout, text: rollout.text, view, rows: new Map(), wanted: 0 };
}

export function keyOf({ hash, name }: OpenedRollouts, row: number): string {
  return `${hash ?? name} ${row}`;
}

export function viewOf(trajectory: TrajectoryView, draft: SideView, final: SideView, cut: number): TrajectoryView {
  const verdict = verdictOf(cut > 0, cut, draft.em, final.em);
  return { ...trajectory, draft, final, cut, verdict: cut === trajectory.cut ? trajectory.verdict : verdict };
}

export function changeLive(studio: Studio, part: Partial<LiveBench>): void {
  const { live } = studio.store.getState().lab;
  if (live) changeLab(studio, { live: { ...live, ...part } });
}

/** Other numbers, or another trajectory: what was swept is another sweep. */
export function setLiveSeed(studio: Studio, seed: bigint): void {
  cancelLive(studio);
  changeLive(studio, { seed, rows: new Map(), wanted: 0 });
  changeLab(studio, { sweep: null, sweepAsked: null, cutAsked: null });
}

/** Asks for more regenerations of every cut; what is there stays, whatever becomes of the rest. */
export async function sweepLive(studio: Studio): Promise<void> {
  const { lab, live: connection } = studio.store.getState();
  const { live, sweep } = lab;
  if (!connection || live === null || lab.sweepAsked !== null) return;
  if (live.rollout.golds.length === 0) return changeLab(studio, { refusal: NOTHING_IS_RIGHT });
  const beginnings = live.rollout.beginnings(live.text);
  const isWhole = live.rows.size === beginnings.length * live.wanted;
  const wanted = isWhole ? (sweep?.replicates ?? 0) + REPLICATES : live.wanted;
  changeLive(studio, { wanted });
  await asking(studio, 'sweepAsked', '', async (id, signal) => {
    const rows = new Map(live.rows);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      clearTimeout(timer);
      timer = undefined;
      const now = studio.store.getState().lab;
      if (now.sweepAsked !== id || now.live === null) return;
      changeLab(studio, { live: { ...now.live, rows: new Map(rows) }, sweep: sweepOf(rows, beginnings.length) });
    };
    try {
      await askRows(connection, live.rollout, beginnings, {
        ...{ seed: live.seed, replicates: wanted, signal, known: live.rows },
        onRow: (cut, replicate, row) => {
          rows.set(`${cut} ${replicate}`, row);
          timer ??= setTimeout(show, SHOWN_EVERY_MS);
        },
      });
    } finally {
      show();
    }
  });
  const { live: now } = studio.store.getState().lab;
  if (
    now &&
    now.rows.size > 0 &&
    [...now.rows.values()].every((row) => row.text === now.text.slice(0, row.text.length))
  ) {
    changeLab(studio, { refusal: ENDS_AT_ONCE });
  }
}

const NOTHING_IS_RIGHT = {
  message: 'Cuts are compared by reward, and nobody told what is right here.',
  hint: 'The scissors go on without it. In Ask it, the right answer stands beside the question.',
};

const ENDS_AT_ONCE = {
  message: 'The model ended at once in every regeneration.',
  hint: 'Is it the model that wrote this file, and is the prompt in the file what it was given?',
};

/** Replicates that every cut has, so that all are compared by the same random numbers. */
export function sweepOf(rows: ReadonlyMap<string, LiveRow>, cuts: number): CutSweep | null {
  const most = 1 + Math.max(-1, ...[...rows.keys()].map((key) => Number(key.split(' ')[1])));
  const whole = Array.from({ length: most }, (_, replicate) =>
    Array.from({ length: cuts }, (_, cut) => rows.get(`${cut} ${replicate}`)),
  ).filter((list): list is LiveRow[] => list.every((row) => row !== undefined && row.reward !== null));
  if (whole.length === 0) return null;
  const rewards = Float32Array.from({ length: cuts * whole.length }, (_, i) => {
    return whole[i % whole.length]?.[Math.floor(i / whole.length)]?.reward ?? 0;
  });
  const em = Uint8Array.from({ length: rewards.length }, (_, i) => {
    return whole[i % whole.length]?.[Math.floor(i / whole.length)]?.em ?? 0;
  });
  return { update: 0, firstReplicate: 0, replicates: whole.length, rewards, em };
}

/** Cuts where the scissors are. What the sweep has already is not asked for again. */
export async function cutLive(studio: Studio, again: boolean): Promise<void> {
  const { lab } = studio.store.getState();
  const { live, step, branch } = lab;
  const beginning = live?.rollout.beginnings(live.text)[step - 1];
  if (live === null || beginning === undefined) return;
  const replicate = (branch?.replicate ?? 0) + (again && branch !== null ? 1 : 0);
  const known = live.rows.get(`${step - 1} ${replicate}`);
  if (known) {
    endCut(studio);
    addLive(studio, lab, { step, replicate, text: known.text, note: '', from: beginning });
  } else await goOnFrom(studio, beginning, { step, replicate, note: '' });
}

/** A beginning for which something is asked first: what makes it the same again, and how it is had. */
interface Awaited {
  key: string;
  begin: (signal: AbortSignal) => Promise<RegenerateFrom>;
}

/** Goes on from a text that a person made of it. */
export async function goOnFrom(
  studio: Studio,
  given: RegenerateFrom | Awaited,
  how: { step: number; replicate: number; note: string },
): Promise<void> {
  const { lab, live: connection } = studio.store.getState();
  const { live } = lab;
  if (!connection || live === null) return;
  const key = JSON.stringify(['key' in given ? given.key : given, how, String(live.seed)]);
  if (isAsked(studio, key)) return;
  endCut(studio);
  await asking(studio, 'cutAsked', key, async (id, signal) => {
    const beginning = 'begin' in given ? await given.begin(signal) : given;
    await askRows(connection, live.rollout, [beginning], {
      ...{ seed: live.seed, replicates: how.replicate + 1, signal },
      known: { has: (row) => row !== `0 ${how.replicate}` },
      onRow: (_, __, { text }) => {
        if (studio.store.getState().lab.cutAsked === id) addLive(studio, lab, { ...how, text, from: beginning });
      },
    });
  });
}

function addLive(
  studio: Studio,
  { live, at }: LabState,
  { step, replicate, text, note, from }: Pick<LiveText, 'text' | 'note' | 'from'> & { step: number; replicate: number },
): void {
  if (live === null) return;
  const { model, rollout, view, seed } = live;
  const final = sideView(rollout.read(text));
  const made: LabBranch = {
    ...{ id: nextId(), parent: at, step, replicate, forced: null, update: 0, wanted: null, side: NO_SIDE },
    live: { text, model, seed: seed + BigInt(replicate), note, from },
    view: viewOf(view, view.draft, final, step),
  };
  addBranch(studio, made);
}

/** Puts a branch on the bench, or the draft again (null). */
export function benchLive(studio: Studio, at: number | null): void {
  const { lab } = studio.store.getState();
  const { live, branches } = lab;
  const branch = branches.find(({ id }) => id === at) ?? null;
  if (live === null || (at !== null && !branch?.live)) return;
  cancelLive(studio);
  const { rollout } = live;
  const text = branch?.live?.text ?? rollout.text;
  const draft = sideView(rollout.read(text));
  const view = { ...live.view, draft, final: draft, cut: 0, review: null };
  changeLab(studio, {
    ...{ at, branch: null, sweep: null, sweepAsked: null, cutAsked: null, refusal: null },
    live: { ...live, text, view, rows: new Map(), wanted: 0, review: null },
    step: Math.min(draft.steps.length, branch?.step ?? lab.step),
  });
}

interface Asking {
  /** Of replicate 0. */
  seed: bigint;
  replicates: number;
  signal: AbortSignal;
  /** Those that are there already. */
  known: { has: (key: string) => boolean };
  onRow: (cut: number, replicate: number, row: LiveRow) => void;
}

/** Regenerations of some beginnings, as whole texts behind the prompt with their reward. */
export async function askRows(
  connection: LiveState,
  rollout: LiveRollout,
  beginnings: readonly RegenerateFrom[],
  { seed, replicates, signal, known, onRow }: Asking,
): Promise<void> {
  const { format, world } = rollout;
  await regenerate(serverOf(connection, rollout), beginnings, {
    ...{ format, world, seed, replicates, temperature: 1, signal },
    retrieves: connection.servers.retriever !== null,
    has: (cut, replicate) => known.has(`${cut} ${replicate}`),
    onRow: ({ cut, replicate, text }) => {
      const whole = `${beginnings[cut]?.text ?? ''}${text}`.slice(rollout.prompt.length);
      const behind = format.spaced ? whole.trimStart() : whole;
      const { reward, em } = rollout.read(behind);
      onRow(cut, replicate, { text: behind, reward, em });
    },
  });
}

/** Share of rows that are there. */
export function liveProgress({ rows, wanted, rollout, text }: LiveBench): { done: number; of: number } {
  return { done: rows.size, of: wanted * rollout.beginnings(text).length };
}
