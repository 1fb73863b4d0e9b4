/** Trajectories on screen for programs of other people: ATIF, and a log of Inspect. */
import { readLine } from '../../../rollouts/reading/read-line';
import { atifLine } from '../../../rollouts/write-atif';
import { inspectLog } from '../../../rollouts/write-inspect';
import type { InspectRow } from '../../../rollouts/write-inspect';
import type { PiecedFile } from '../../state/file-types';
import type { Studio } from '../../state/studio-state';
import type { TrajectorySource } from '../open/rollout-source';
import { encode, sizeOf, sourceOf, textPieces } from './save-trajectories';

/** How large they are, of the lines as they are. */
const ATIF_SHARE = 1.6;
const INSPECT_SHARE = 0.6;

/** One object is a file of its own as other programs want it; several are lines. */
export async function saveAtif(studio: Studio): Promise<PiecedFile> {
  const source = await sourceOf(studio);
  const pieces = textPieces(atifLines(source), encode);
  const ending = source.count === 1 ? 'json' : 'jsonl';
  return { name: `${source.name}.atif.${ending}`, pieces, about: ATIF_SHARE * (await sizeOf(source)) };
}

async function* atifLines(source: TrajectorySource): AsyncGenerator<string> {
  let number = 0;
  for await (const { line, rollout } of rowsOf(source)) {
    number += 1;
    yield atifLine(line, rollout, { name: source.name, number });
  }
}

export async function saveInspect(studio: Studio): Promise<PiecedFile> {
  const source = await sourceOf(studio);
  const pieces = inspectLog(source.name, rowsOf(source), Date.now());
  return { name: `${source.name}.eval`, pieces, about: INSPECT_SHARE * (await sizeOf(source)) };
}

async function* rowsOf({ lines }: TrajectorySource): AsyncGenerator<InspectRow> {
  for await (const line of lines()) yield { line, rollout: readLine(line) };
}
