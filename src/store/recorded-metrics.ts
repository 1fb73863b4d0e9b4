/** The numbers of a recorded run alone, for curves beside those of the run on screen. */
import type { RunConfig } from '../config/schema';
import type { EvaluationResult } from '../trainer/protocol';
import { readCapsule } from './load-recording';
import type { MetricRow } from './metric-history';
import { readSaved } from './saved-recording';

export interface RecordedMetrics {
  title: string;
  config: RunConfig;
  /** Ascending by update. */
  metrics: readonly MetricRow[];
  evaluations: readonly EvaluationResult[];
}

/**
 * @param source a capsule, or the id of a run saved in this browser
 * @throws UserError where it cannot be read
 */
export async function loadRecordedMetrics(source: File | string): Promise<RecordedMetrics> {
  const { recording, title } =
    typeof source === 'string'
      ? await readSaved(source)
      : { recording: await readCapsule(source, source.name), title: source.name };
  const { config, metrics, evaluations } = recording;
  return { title, config, metrics, evaluations };
}
