/** The numbers of a recorded run alone, for curves beside those of the run on screen. */
import { readCapsule } from './load-recording';
import type { RecordedMetrics } from './metric-history';
import { readSaved } from './saved-recording';

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
