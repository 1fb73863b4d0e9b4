/** The connected model as the paper's refiner: of one rollout on the bench, and of all rollouts of a file. */
import { decide, review, reviewPrompt } from '../../../rollouts/live/review';
import { openRollout } from '../../../rollouts/live/open-rollout';
import type { LiveRollout } from '../../../rollouts/live/open-rollout';
import { cutValues } from '../../../recordings/cut-values';
import { verdictOf } from '../../../recordings/decode-trajectory';
import type { Verdict } from '../../../recordings/decode-trajectory';
import type { LiveBench, LiveReview, LiveRow } from '../../state/lab-state';
import type { BoardCounts, LiveBoard, LiveState, ReviewedBy } from '../../state/live-state';
import { firstRow } from '../../state/rollouts-state';
import type { Studio } from '../../state/studio-state';
import { shownRows } from '../../view/current-view';
import { changeLab } from '../lab-events';
import { problemText } from './connection';
import { askRows, benchSeed, changeLive, lineOf, sweepOf } from './live-lab';

/** Asks the model which step of what lies on the bench is the first flawed one; cancelled, it says nothing. */
export async function reviewLive(studio: Studio, signal = new AbortController().signal): Promise<void> {
  const { lab } = studio.store.getState();
  const { live, key, at } = lab;
  if (live === null) return;
  try {
    const made = await reviewed(studio, live.rollout, live.text, signal);
    const now = studio.store.getState().lab;
    if (!signal.aborted && now.key === key && now.at === at) changeLive(studio, { review: made });
  } catch (error) {
    if (!signal.aborted) changeLab(studio, { refusal: { message: problemText(error), hint: '' } });
  }
}

async function reviewed(studio: Studio, rollout: LiveRollout, text: string, signal: AbortSignal): Promise<LiveReview> {
  const { live, config } = studio.store.getState();
  if (!live?.abilities) throw new Error('No model is connected.');
  const steps = rollout.beginnings(text).length;
  const { chances, by } = await review(live.post, live.abilities, reviewPrompt(rollout, text), steps, signal);
  return { chances, by, cut: decide(chances, config.margin) };
}

const NOBODY: BoardCounts = { saved: 0, harmed: 0, wasted: 0, missed: 0, kept: 0 };
/** Regenerations of each cut of each rollout: enough to say which is best, and no more. */
export const BOARD_REPLICATES = 4;

const running = new WeakMap<Studio, AbortController>();

export function cancelBoard(studio: Studio): void {
  running.get(studio)?.abort();
}

/** Reviews, cuts and sweeps every rollout on the list, one after the other; what is counted stays. */
export async function runBoard(studio: Studio, by: ReviewedBy): Promise<void> {
  const { store } = studio;
  const { live, rollouts, lab } = store.getState();
  const shown = shownRows(studio);
  if (!live || rollouts.file === null || shown === null) return;
  const seed = boardSeed(live, lab.live);
  const controller = new AbortController();
  running.set(studio, controller);
  const first = firstRow(rollouts.file);
  const places = Array.from({ length: shown.rows.length }, (_, place) => place);
  let board: LiveBoard = {
    ...{ by, seed, running: true, of: places.length, done: 0, left: 0, reason: null, counts: NOBODY, cut: 0 },
    ...{ best: 0, regret: 0, gain: 0, problem: null },
  };
  const tell = (part: Partial<LiveBoard>): void => {
    board = { ...board, ...part };
    store.setState((state) => (state.live ? { live: { ...state.live, board } } : {}));
  };
  tell({});
  try {
    for (const place of places) {
      const outcome = await boardRow(studio, first + place, place, board, controller.signal);
      if ('left' in outcome) tell({ left: board.left + 1, reason: board.reason ?? outcome.left });
      else {
        const { verdict, regret, best, gain, cut } = outcome;
        const counts = verdict === 'none' ? board.counts : { ...board.counts, [verdict]: board.counts[verdict] + 1 };
        tell({
          ...{ counts, done: board.done + 1, cut: board.cut + Number(cut > 0), best: board.best + Number(best) },
          ...{ regret: board.regret + regret, gain: board.gain + gain },
        });
      }
    }
  } catch (error) {
    if (!controller.signal.aborted) tell({ problem: problemText(error) });
  } finally {
    tell({ running: false });
  }
}

/** The seed on the bench for all, unless it is there by itself: then that which each would have there. */
function boardSeed(live: LiveState, bench: LiveBench | null): bigint | null {
  if (live.abilities?.seedLists !== true) return bench?.seed ?? 1n;
  return bench === null || bench.seed === benchSeed(live, bench.rollout) ? null : bench.seed;
}

type Outcome = { left: string } | { verdict: Verdict; cut: number; best: boolean; regret: number; gain: number };

async function boardRow(
  studio: Studio,
  row: number,
  place: number,
  { by, seed }: LiveBoard,
  signal: AbortSignal,
): Promise<Outcome> {
  const { live } = studio.store.getState();
  if (!live) return { left: 'no model is connected' };
  let rollout: LiveRollout;
  try {
    rollout = openRollout(await lineOf(studio, row), 'draft');
  } catch (error) {
    return { left: problemText(error) };
  }
  const draft = rollout.read(rollout.text);
  if (draft.reward === null) return { left: 'The file has no right answer for it.' };
  const beginnings = rollout.beginnings(rollout.text);
  const given = studio.rollouts.shelf?.views.at(place);
  if (by === 'file' && !given?.review && !given?.cut) {
    if (!studio.rollouts.shelf?.shown.hasRefiner) return { left: 'The file has no review of it.' };
  }
  const cut = by === 'file' ? (given?.cut ?? 0) : (await reviewed(studio, rollout, rollout.text, signal)).cut;
  const rows = new Map<string, LiveRow>();
  await askRows(live, rollout, beginnings, {
    ...{ seed: seed ?? benchSeed(live, rollout), replicates: BOARD_REPLICATES, signal, known: rows },
    onRow: (at, replicate, made) => void rows.set(`${at} ${replicate}`, made),
  });
  const sweep = sweepOf(rows, beginnings.length);
  if (sweep === null) return { left: 'Not all of its cuts came back.' };
  const values = cutValues(sweep, draft.reward, cut);
  const chosen = values.choices[cut]?.mean ?? 0;
  const finalEm = cut === 0 ? draft.em : (rows.get(`${cut - 1} 0`)?.em ?? null);
  const after = finalEm === 1 ? 1 : finalEm === 0 ? 0 : null;
  return {
    ...{ verdict: verdictOf(true, cut, draft.em, after), cut, regret: values.regret ?? 0 },
    best: chosen === Math.max(...values.choices.map(({ mean }) => mean)),
    gain: chosen - draft.reward,
  };
}
