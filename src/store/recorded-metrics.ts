/** The numbers of a recorded run alone, for curves beside those of the run on screen. */
import type { RunConfig } from '../config/schema';
import { readCapsule } from './load-recording';
import type { MetricRow } from './metric-history';
import { readSaved } from './saved-recording';

export interface RecordedMetrics {
  title: string;
  config: RunConfig;
  /** Ascending by update. */
  metrics: readonly MetricRow[];
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
  const { config, metrics } = recording;
  return { title, config, metrics };
}
