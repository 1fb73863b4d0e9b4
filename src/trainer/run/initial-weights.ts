import { defaultConfig, SETTING_KEYS, settingOf, type RunConfig } from '../../config/schema';
import { readRunHeader } from '../../formats/checkpoint-header';
import type { Learner } from '../../rl/learning/learner';
import { firstState, type LearnerState } from '../../rl/learning/learner-state';
import { decodeBase, decodeRun } from '../state/checkpoint';
import type { InitialWeights } from '../protocol/protocol';

export interface LoadedWeights {
  /** null: nothing to load, the warm start makes the weights. */
  state: LearnerState | null;
  /** What a person should know about it, one sentence. */
  note: string | null;
}

/** Where the warm-started base of a built-in world and a size ships, relative to the page. */
function shippedPath({ world, size }: RunConfig): string {
  return `checkpoints/${world}-${size}.safetensors`;
}

/** Whether the shipped weights are those that a run's own warm start stands for: a link must mean the same everywhere. */
function meansShipped(config: RunConfig): boolean {
  return SETTING_KEYS.every((key) => settingOf(key).group !== 'WarmStart' || config[key] === defaultConfig[key]);
}

/** @throws UserError for a file that does not hold weights of this model */
export async function loadWeights(
  learner: Learner,
  initial: InitialWeights,
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>,
): Promise<LoadedWeights> {
  const { config } = learner;
  if (initial.kind === 'warmStart') return { state: null, note: null };
  if (initial.kind === 'base') {
    return { state: firstState(decodeBase(learner, new Uint8Array(initial.bytes), initial.name)), note: null };
  }
  if (initial.kind === 'checkpoint') {
    const bytes = new Uint8Array(initial.bytes);
    const saved = readRunHeader(bytes, initial.name);
    const changed = SETTING_KEYS.filter((key) => saved.config[key] !== config[key]);
    const note = changed.length === 0 ? null : `The run goes on with other settings than it had: ${changed.join(', ')}`;
    return { state: decodeRun(learner, bytes, initial.name), note };
  }
  if (!meansShipped(config))
    return { state: null, note: 'These warm start settings are not those of the shipped weights' };
  const path = shippedPath(config);
  const bytes = await fetchBytes(path);
  if (bytes === null) {
    return { state: null, note: `No weights ship for ${config.world} at size ${config.size}: warming up here` };
  }
  const params = decodeBase(learner, new Uint8Array(bytes), path);
  return { state: firstState(params), note: null };
}
