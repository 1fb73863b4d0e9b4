/** Where labels belong: a file by its hash and rows by their number in it; a run by what it is made of, rows by what they say. */
import { Fnv1a64, fnv1a64Hex } from '../../../lib/hash';
import { engineBatch } from '../../../recordings/stored-batch';
import type { StoredBatch } from '../../../recordings/stored-batch';
import type { ShownRows } from '../../../recordings/shown-rows';
import type { RolloutFile } from '../../../rollouts/file/read-file';
import type { RowTable } from '../../../rollouts/file/row-table';
import { rowNumbers } from '../../../rollouts/rollout-table';
import { firstRow } from '../../state/rollouts-state';
import type { Studio } from '../../state/studio-state';

export interface LabelScope {
  scope: string;
  name: string;
}

/** Of what is on screen; null while it is still being written and has no hash. */
export function scopeOf({ store, rollouts }: Studio): LabelScope | null {
  const { config, recording, ownWorld } = store.getState();
  if (rollouts.shelf !== null) {
    const { hash, name } = rollouts.shelf.file;
    return hash === null ? null : { scope: hash, name };
  }
  // A capsule and a saved run are the run that they are of. Its other settings may change while it goes on.
  const run = recording?.recording ?? { config, ownWorld };
  const { preset, world, worldSeed, initSeed, runSeed } = run.config;
  const made = JSON.stringify([run.ownWorld?.hash ?? world, worldSeed, initSeed, runSeed]);
  return { scope: `run ${fnv1a64Hex(new TextEncoder().encode(made))}`, name: `${preset} ${world}` };
}

const numbersOf = new WeakMap<RowTable, Uint32Array>();

/** Numbers of the rows, worked out once a table. */
export function numbersIn({ table }: Pick<RolloutFile, 'table'>): Uint32Array {
  const numbers = numbersOf.get(table) ?? rowNumbers(table);
  numbersOf.set(table, numbers);
  return numbers;
}

/** @param place of the row in what is shown */
export function rowKey(studio: Studio, rows: ShownRows, place: number): string {
  const { shelf } = studio.rollouts;
  const engine = engineBatch(rows);
  if (engine !== null) return runKey(engine, place);
  const { file } = studio.store.getState().rollouts;
  return shelf === null || file === null ? '' : String(numbersIn(shelf.file)[firstRow(file) + place] ?? 0);
}

/** The same settings on another adapter may sample another trajectory: what it says is a part of its name. */
function runKey({ batch, rows }: StoredBatch, place: number): string {
  const hash = new Fnv1a64();
  for (const side of [batch.draft, batch.final]) {
    const tokens = side.tokens.slice(place * batch.positions, (place + 1) * batch.positions);
    hash.push(new Uint8Array(tokens.buffer));
  }
  return `${runPrefix(batch.update, rows[place] ?? 0)}${hash.hex}`;
}

/** What keys of one row begin with, whatever was sampled in it. */
export function runPrefix(update: number, row: number): string {
  return `${update} ${row} `;
}
