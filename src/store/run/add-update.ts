/** An update joins the run on screen, whether the engine or a recording has it. */
import type { MetricRow } from '../../recordings/metric-history';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio } from '../state/studio-state';

/** The numbers of an update. */
export function addMetrics({ store, history }: Studio, row: MetricRow): void {
  history.push(row);
  store.setState((state) => ({ update: row.update, metricsVersion: state.metricsVersion + 1 }));
}

/** The trajectories of an update. */
export function addBatch({ store, batches }: Studio, stored: StoredBatch): void {
  batches.addStored(stored);
  store.setState((state) => ({ batchVersion: state.batchVersion + 1 }));
}
