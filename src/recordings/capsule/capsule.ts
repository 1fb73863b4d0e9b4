/** A recording as one file, and back: format cutpoint-capsule (docs/formats.md). Used by the page and by the command line. */
import { MAX_TRIPLES_TEXT } from '../../config/triple-limits';
import type { UpdateMetrics } from '../../trainer/protocol/protocol';
import { headerOf, readBatch, writeBatch } from './capsule-batches';
import { ColumnReader, ColumnWriter } from './capsule-columns';
import { packCapsule, unpackCapsule, unusable } from './capsule-file';
import type { Unpacked } from './capsule-file';
import { readBatchHeader, readConfig, readEvaluation, readMark, readWorld } from './capsule-header';
import { CheckedJson } from './checked-json';
import { HISTORY_CAPACITY } from '../metric-history';
import type { MetricRow } from '../metric-history';
import type { OwnWorld, RecordedCheckpoint, Recording } from '../recording';

const MAX_METRICS = 1000;
/** Positions of all rows together: a full archive has a third of it. */
const MAX_CELLS = 2 ** 23;

export async function encodeCapsule(recording: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const { config, world, ownWorld, adapter, update, evaluations, marks, batches, checkpoints } = recording;
  const metrics = recording.metrics.slice(-HISTORY_CAPACITY);
  const writer = new ColumnWriter();
  const names = [...new Set(metrics.flatMap((row) => Object.keys(row.metrics)))];
  writer.add(
    'update',
    Float64Array.from(metrics, (row) => row.update),
  );
  writer.add(
    'updateMs',
    Float64Array.from(metrics, (row) => row.updateMs),
  );
  for (const name of names) {
    // What is undefined is null in a row; a column of numbers says NaN.
    writer.add(
      `metric.${name}`,
      Float64Array.from(metrics, (row) => row.metrics[name] ?? NaN),
    );
  }
  for (const stored of batches) writeBatch(writer, stored);
  for (const [i, { bytes }] of checkpoints.entries()) writer.add(`checkpoint.${i}`, checkpointNumbers(bytes));
  const facts = ownWorld && new TextEncoder().encode(ownWorld.text);
  if (facts) writer.add('triples', facts);
  const header = {
    config,
    world,
    adapter,
    update,
    evaluations,
    marks,
    rows: metrics.length,
    metrics: names,
    batches: batches.map(headerOf),
    checkpoints: checkpoints.map(({ update: at, weightsHash, bytes }) => ({
      update: at,
      weightsHash,
      bytes: bytes.length,
    })),
    ...(facts && { triples: { name: ownWorld.name, hash: ownWorld.hash, bytes: facts.length } }),
  };
  const thinks = batches.some(({ batch }) => batch.reviewThoughts);
  return packCapsule(thinks ? 3 : facts ? 2 : 1, header, writer.columns());
}

/** A checkpoint is mostly float32, so as numbers it packs better; one of another length stays bytes. */
function checkpointNumbers(bytes: Uint8Array<ArrayBuffer>): Uint8Array | Int32Array {
  if (bytes.length % 4 !== 0) return bytes;
  return new Int32Array(bytes.slice().buffer);
}

/** @throws UserError for anything but a whole capsule that this version can show */
export async function decodeCapsule(file: Uint8Array<ArrayBuffer>, name: string): Promise<Recording> {
  return readUnpacked(await unpackCapsule(file, name), name);
}

/** @throws UserError for anything but what this version can show */
export function readUnpacked({ header: json, columns }: Unpacked, name: string): Recording {
  const header = new CheckedJson(json, '', (what) => unusable(name, what));
  const reader = new ColumnReader(columns, name);
  const config = readConfig(header.json('config'), name);
  const metrics = readMetrics(header, reader);
  const headers = header.objects('batches').map(readBatchHeader);
  const cells = headers.reduce((sum, { rows, positions }) => sum + rows * positions, 0);
  if (cells > MAX_CELLS) throw unusable(name, 'it claims more trajectories than a page can hold');
  const batches = headers.map((batch) => readBatch(reader, batch, config.refiner !== 'none'));
  const recording = {
    config,
    world: readWorld(header.object('world')),
    ownWorld: header.has('triples') ? readOwnWorld(header.object('triples'), reader) : null,
    adapter: header.line('adapter'),
    update: header.count('update'),
    metrics,
    evaluations: header.objects('evaluations').map(readEvaluation),
    marks: header.objects('marks').map(readMark),
    batches,
    checkpoints: header.objects('checkpoints').map((one, i) => readCheckpoint(one, reader, i)),
  };
  reader.finish();
  requireOrder(recording, name);
  return recording;
}

function readOwnWorld(triples: CheckedJson, reader: ColumnReader): OwnWorld {
  // UTF-8 has at most three bytes for each of a text's UTF-16 units.
  const bytes = reader.u8('triples', triples.count('bytes', 3 * MAX_TRIPLES_TEXT));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { name: triples.text('name'), text, hash: triples.text('hash') };
  } catch (error) {
    throw error instanceof TypeError ? unusable(reader.file, 'the facts of its world are no text') : error;
  }
}

function readMetrics(header: CheckedJson, reader: ColumnReader): MetricRow[] {
  const rows = header.count('rows', HISTORY_CAPACITY);
  const names = header.texts('metrics');
  if (names.length > MAX_METRICS || new Set(names).size !== names.length) {
    throw unusable(reader.file, 'its list of metrics cannot be read');
  }
  const updates = reader.f64('update', rows);
  const updateMs = reader.f64('updateMs', rows);
  const columns = names.map((name) => ({ name, values: reader.f64(`metric.${name}`, rows) }));
  return Array.from(updates, (update, row) => {
    const metrics: UpdateMetrics = Object.fromEntries(
      columns.map(({ name, values }) => [name, finiteOrNull(values[row])]),
    );
    return { update, updateMs: finiteOrNull(updateMs[row]) ?? 0, metrics };
  });
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function readCheckpoint(header: CheckedJson, reader: ColumnReader, i: number): RecordedCheckpoint {
  const length = header.count('bytes');
  const numbers = length % 4 === 0 ? reader.i32(`checkpoint.${i}`, length / 4) : reader.u8(`checkpoint.${i}`, length);
  return {
    update: header.count('update'),
    weightsHash: header.text('weightsHash'),
    bytes: new Uint8Array(numbers.buffer),
  };
}

/** What follows walks from update to update. */
function requireOrder({ update, metrics, batches, checkpoints }: Recording, name: string): void {
  const updates = {
    metrics: metrics.map((row) => row.update),
    trajectories: batches.map(({ batch }) => batch.update),
    checkpoints: checkpoints.map((checkpoint) => checkpoint.update),
  };
  for (const [what, list] of Object.entries(updates)) {
    const fine = list.every((one, i) => Number.isSafeInteger(one) && one > (list[i - 1] ?? -1) && one <= update);
    if (!fine) throw unusable(name, `the updates of its ${what} are in no order`);
  }
}
