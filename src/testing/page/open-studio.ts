/** The page's studio on a trainer that is played, for tests of the store. */
import { configForPreset } from '../../config/schema';
import type { RunConfig } from '../../config/schema';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from '../../store/run/start-run';
import type { Studio, StudioState } from '../../store/state/studio-state';
import { createStudio } from '../../store/studio-store';
import { FakeTrainer } from './fake-trainer';
import type { FakeTrainerOptions } from './fake-trainer';

export interface PlayedStudio {
  trainer: FakeTrainer;
  studio: Studio;
  state: () => StudioState;
  /** Types of the commands that were sent, in order. */
  sent: () => string[];
}

/** Before any run. */
export function idleStudio(options: FakeTrainerOptions = {}): PlayedStudio {
  const trainer = new FakeTrainer(options);
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  return {
    trainer,
    studio,
    state: () => studio.store.getState(),
    sent: () => trainer.commands.map(({ type }) => type),
  };
}

/** With a run that has started and waits. */
export function playedStudio(options: FakeTrainerOptions = {}, config: Partial<RunConfig> = {}): PlayedStudio {
  const played = idleStudio(options);
  startRun(played.studio, configForPreset('search-r2', config), 'shipped');
  return played;
}
