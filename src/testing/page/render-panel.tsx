/** What panels say, drawn once without a browser: no effect runs, so nothing that they would ask the engine for is there. */
import { renderToStaticMarkup } from 'react-dom/server';
import { configForPreset, type RunConfig } from '../../config/schema';
import { assert } from '../../lib/assert';
import { startRun } from '../../store/run/actions';
import type { Studio } from '../../store/state/studio-state';
import { createStudio } from '../../store/studio-store';
import { currentView, type CurrentView } from '../../store/view/current-view';
import { select } from '../../store/view/view-actions';
import { createTrainerClient } from '../../trainer/client';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { StudioProvider } from '../../ui/studio-context';
import { makeFakeBatch } from './fake-batch';
import { FakeTrainer } from './fake-trainer';
import { makeFakeWorld } from './fake-world';

type Told<E = TrainerEvent> = E extends { runId: number } ? Omit<E, 'runId'> : never;

/** A page whose run has just begun, and a way to tell it what its engine would. */
export function openPage(config: Partial<RunConfig> = {}): { studio: Studio; tell: (event: Told) => void } {
  const trainer = new FakeTrainer({});
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2', config), 'shipped');
  studio.store.setState({ evaluations: [] });
  return { studio, tell: (event) => trainer.emit({ ...event, runId: studio.store.getState().runId }) };
}

export function renderPanel(studio: Studio, panel: React.ReactNode): string {
  const { store } = studio;
  // Without a page React draws a store as it began; here that is as it is now.
  const now = { ...studio, store: { ...store, getInitialState: store.getState } };
  return renderToStaticMarkup(<StudioProvider value={now}>{panel}</StudioProvider>);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** The words of some HTML, as they stand on screen: one space between any two. */
export function textOf(html: string): string {
  const words = html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
  return words.replaceAll(/\s+/g, ' ').trim();
}

/** The texts of all elements of a name, in their order. */
export function textsOf(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}[ >].*?</${tag}>`, 'gs'))].map(([element]) => textOf(element));
}

/** (rows, cells) of the tables. */
export function tableOf(html: string): string[][] {
  return [...html.matchAll(/<tr[ >].*?<\/tr>/gs)].map(([row]) => {
    return [...row.matchAll(/<(td|th)(?: [^>]*)?(?:\/>|>(.*?)<\/\1>)/gs)].map(([cell]) => textOf(cell));
  });
}

/** Numbers of one trajectory, in place of those that a made-up batch has. */
export interface RowNumbersGiven {
  em: readonly [draft: 0 | 1, final: 0 | 1];
  rewards: readonly [draft: number, final: number];
  advantage: number;
  reviewAdvantage: number;
  /** Probabilities of accepting and of each cut; as many as there are count. */
  review: readonly number[];
}

/** A page with one update, whose first trajectory that was cut (or accepted) has these numbers, and that trajectory on screen. */
export function openTrajectory(
  given: RowNumbersGiven,
  { isCut = true, ...config }: Partial<RunConfig> & { isCut?: boolean } = {},
): { studio: Studio; view: CurrentView } {
  const { studio, tell } = openPage(config);
  const batch = makeFakeBatch(makeFakeWorld(), 1, 24, 8, 0.5, true);
  const steps = given.review.length - 1;
  const row = batch.cuts.findIndex((cut, b) => cut > 0 === isCut && batch.draft.stepCounts[b] === steps);
  assert(row > 0, `no made-up row of ${steps} steps is as wanted`);
  [batch.draft, batch.final].forEach((side, k) => {
    side.em[row] = given.em[k] ?? 0;
    side.rewards[row] = given.rewards[k] ?? 0;
  });
  batch.advantages[row] = given.advantage;
  batch.reviewAdvantages[row] = given.reviewAdvantage;
  batch.reviewLogProbs.set(given.review.map(Math.log), 6 * row);
  tell({ type: 'trajectories', batch });
  select(studio, { row, side: 'final', step: 1 });
  const view = currentView(studio);
  assert(view !== null, 'the trajectory is on screen');
  return { studio, view };
}
