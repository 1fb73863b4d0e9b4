/** A file of rollouts as Search-R1 writes them, and a model that goes on from them. */
import { currentView } from '../../store/view/current-view';
import { enterLive } from '../../store/lab/live/live-lab';
import { connect } from '../../store/lab/live/connection';
import { fakeModel } from './fake-model';
import type { FakeModel, RunningModel } from './fake-model';
import { pageWithRollouts } from './opened-rollouts';
import type { RolloutLine } from './opened-rollouts';
import type { Studio } from '../../store/state/studio-state';

export const LIVE_PROMPT = 'Search with <search>, answer with <answer>. Question: Where was Ada born?\n';
export const information = (place: string): string =>
  `\n\n<information>Doc 1(Title: "Ada") Ada was born in ${place}.\nDoc 2(Title: "Bo") Bo paints.\n</information>\n\n`;
export const FIRST_TURN = '<think>Who?</think>\n<search>Ada painter</search>';
export const SECOND_TURN = '<think>Where?</think>\n<search>Ada born</search>';
export const LIVE_COMPLETION = `${FIRST_TURN}${information('Paris')}${SECOND_TURN}${information('Paris')}<answer>Paris</answer>`;

export const LIVE_LINE = {
  ...{ question: 'Where was Ada born?', golden_answers: ['Rome'], prompt: LIVE_PROMPT, completion: LIVE_COMPLETION },
  ...{ step: 1, reward: 0 },
};

/** Searches once or twice, then answers: the right answer of an odd seed. Of one that 3 divides it searches twice. */
export function writer(before: string, seed: number): string | null {
  const turns = before.split('</information>\n\n');
  const turn = turns.at(-1)?.split('born?\n').at(-1) ?? '';
  const [first, second] = [FIRST_TURN, seed % 3 === 0 ? SECOND_TURN : answer(seed)];
  const script = [first, second][turns.length - 1] ?? answer(seed);
  const rest = script.startsWith(turn) ? script.slice(turn.length) : '';
  return /^(?:<[^>]*>|\s*[^\s<]+|\s+)/.exec(rest)?.[0] ?? null;
}

const answer = (seed: number): string => `<answer>${seed % 2 === 1 ? 'Rome' : 'Oslo'}</answer>`;

export interface LiveStudio extends RunningModel {
  studio: Studio;
}

/** A studio with a file on screen and a model beside it. */
export async function liveStudio(
  lines: readonly RolloutLine[] = [LIVE_LINE],
  quirks: FakeModel['quirks'] = {},
  model: Partial<FakeModel> = {},
): Promise<LiveStudio> {
  const { studio } = await pageWithRollouts(lines);
  const passages = () => [
    { title: 'Ada', text: 'Ada was born in Rome.' },
    { title: 'Bo', text: 'Bo paints.' },
  ];
  const running = fakeModel({ next: writer, passages, quirks, ...model });
  const servers = {
    model: 'http://localhost:1/v1',
    modelName: null,
    retriever: 'http://localhost:2/retrieve',
    judge: null,
  };
  await connect(studio, servers, running.post);
  return { studio, ...running };
}

/** The same with the file's first rollout on screen, and on Cut Lab's bench if so wanted; nothing of it is in `asked`. */
export async function shownLive(how: Parameters<typeof liveStudio>, onBench: boolean) {
  const live = await liveStudio(...how);
  const view = currentView(live.studio);
  if (view === null) throw new Error('nothing is on screen');
  if (onBench) await enterLive(live.studio, view);
  live.asked.length = 0;
  return { ...live, view };
}
