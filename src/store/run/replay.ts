/** Slow motion: each update is computed at full speed and then shown phase by phase on its own trajectories. */
import type { ReplayMoment } from '../state/replay-moment';
import type { Studio } from '../state/studio-state';

const STEP_MS = 700;
const STEPS = [1, 2, 3, 4, 5];

/** What is shown in turn, and for how long. The last moment stays until the next update. */
export const REPLAY: readonly (ReplayMoment & { ms: number })[] = [
  ...STEPS.map((steps) => ({ phase: 'rollout', steps, ms: STEP_MS }) as const),
  { phase: 'review', steps: 5, ms: 2000 },
  { phase: 'regenerate', steps: 5, ms: 2000 },
  { phase: 'reward', steps: 5, ms: 1500 },
  { phase: 'advantage', steps: 5, ms: 1500 },
  { phase: 'update', steps: 5, ms: 0 },
];

const timers = new WeakMap<Studio, ReturnType<typeof setTimeout>>();

/** Begins with the first phase; one that is under way ends. */
export function startReplay(studio: Studio): void {
  stopReplay(studio);
  const show = (index: number): void => {
    const moment = REPLAY[index];
    if (!moment) return;
    const { phase, steps, ms } = moment;
    studio.store.setState({ replay: { phase, steps } });
    if (ms > 0)
      timers.set(
        studio,
        setTimeout(() => show(index + 1), ms),
      );
  };
  show(0);
}

/** Shows everything at once. */
export function stopReplay(studio: Studio): void {
  clearTimeout(timers.get(studio));
  if (studio.store.getState().replay !== null) studio.store.setState({ replay: null });
}
