/** Test cases of rollouts of a file: the connected model server regenerates them, whichever it is. */
import { UserError } from '../../../lib/assert';
import { modelLabel } from '../../../lib/model-label';
import { reopenRollout } from '../../../rollouts/live/open-rollout';
import type { LiveRollout, RolloutSource } from '../../../rollouts/live/open-rollout';
import { readSeed, writtenSeed } from '../../../rollouts/live/served-seed';
import type { WrittenSeed } from '../../../rollouts/live/served-seed';
import { isArray, isObject } from '../../../rollouts/text/json';
import type { LiveRow } from '../../state/lab-state';
import type { Studio } from '../../state/studio-state';
import type { CaseKind, CaseResult, KeptCase } from '../case-shelf';
import { problemText } from './connection';
import { askRows, liveRefusal } from './live-lab';

export const LIVE_CASE_FORMAT = 'cutpoint-live-case/1';

export interface LiveResult extends CaseResult {
  /** Who wrote it, by its name on the server. */
  model: string;
  /** What it wrote behind what was kept. */
  text: string;
}

export interface LiveCase extends KeptCase, RolloutSource {
  /** What stood before the model's first new word, behind the prompt. */
  kept: string;
  /** Searches in that, and what of its last turn a person wrote or left; '' where a turn begins. */
  searches: number;
  turn: string;
  /** Of its random numbers, replicate included. */
  seed: WrittenSeed;
  /** What a person put there; '' for a cut alone. */
  edit: string;
  results: readonly LiveResult[];
}

export function liveCases(studio: Studio): CaseKind<LiveCase> {
  return {
    ...{ key: 'cutpoint-live-cases', format: LIVE_CASE_FORMAT, isCase: isLiveCase, told: problemText, cancels: true },
    of: ({ step, live: made, view: { final } }, id, name) => {
      const { live } = studio.store.getState().lab;
      if (live === null || !made) return null;
      const { rollout } = live;
      const { text, searches, turn = '' } = made.from;
      const kept = text.slice(rollout.prompt.length);
      const { em, reward } = final;
      const row = { text: made.text, em, reward };
      return {
        ...{ id, name: name || `${rollout.question} ${made.note || `cut at ${step}`}` },
        ...{ question: rollout.question, rightAnswer: rollout.golds.join(' or ') },
        ...{ ...rollout.source, kept, searches, turn, step, seed: writtenSeed(made.seed), edit: made.note },
        results: [resultOf(rollout, kept, made.model, row)],
      };
    },
    refusal: () => {
      const state = studio.store.getState();
      return state.live === undefined ? 'No model server is connected.' : liveRefusal(state);
    },
    again: async (one, signal) => {
      const { live } = studio.store.getState();
      if (!live?.abilities) throw new UserError('No model server is connected.');
      const rollout = reopenRollout(one);
      const { kept, searches, turn, seed } = one;
      const rows: LiveRow[] = [];
      const beginning = { text: rollout.prompt + kept, searches, ...(turn === '' ? {} : { turn }) };
      await askRows(live, rollout, [beginning], {
        ...{ seed: readSeed(seed) ?? 1n, replicates: 1, signal, known: new Set<string>() },
        onRow: (_, __, row) => void rows.push(row),
      });
      const [row] = rows;
      if (row === undefined) throw new UserError('The model server wrote nothing.', 'Look at what it prints.');
      return resultOf(rollout, kept, modelLabel(live.abilities.model), row);
    },
  };
}

function resultOf(rollout: LiveRollout, kept: string, model: string, { text, em, reward }: LiveRow): LiveResult {
  const before = rollout.format.spaced ? kept.trimStart() : kept;
  const { answer } = rollout.read(text);
  return { model, answer, em, reward, text: text.startsWith(before) ? text.slice(before.length) : text };
}

/** What a result is beside the first one, in words. */
export function compareLive(first: LiveResult, now: LiveResult): string {
  if (first.answer !== now.answer) return 'another answer';
  if (first.reward !== now.reward) return 'same answer, another reward';
  return first.text === now.text ? 'the same, word for word' : 'same answer and reward, other words';
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber = (value: unknown): boolean => value === null || (typeof value === 'number' && Number.isFinite(value));

function isResult(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { model, answer, em, reward, text } = value;
  return [model, text].every(isText) && (answer === null || isText(answer)) && [em, reward].every(isNumber);
}

function isAsked(value: unknown): boolean {
  if (value === null) return true;
  return isObject(value) && isText(value['question']) && isArray(value['golds']) && value['golds'].every(isText);
}

/** Whether something that was stored is a case; anything else is left out. */
export function isLiveCase(value: unknown): value is LiveCase {
  if (!isObject(value)) return false;
  const { id, step, searches, name, question, rightAnswer, line, asked, kept, turn, edit, seed, results } = value;
  return (
    [id, step, searches].every(isCount) &&
    [name, question, rightAnswer, line, kept, turn, edit].every(isText) &&
    isAsked(asked) &&
    readSeed(seed) !== null &&
    isArray(results) &&
    results.length > 0 &&
    results.every(isResult)
  );
}
