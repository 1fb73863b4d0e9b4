/**
 * Trajectories on screen as a file. Of a run in the format of `npm run experiment`, with the branches that were cut by hand: all
 * that the page keeps, or those that are listed. Of an opened file as they stand in it.
 */
import { gzipSync } from 'fflate';
import { UserError } from '../../../lib/assert';
import { csvLine } from '../../../lib/csv';
import { parquetChunks } from '../../../rollouts/parquet';
import { readLine } from '../../../rollouts/reading/read-line';
import { ROLLOUT_COLUMNS, rolloutRow } from '../../../rollouts/rollout-table';
import type { RolloutRow } from '../../../rollouts/rollout-table';
import { withRemarks } from '../../../rollouts/reading/remarks';
import type { Remark } from '../../../rollouts/reading/remarks';
import { ownLine } from '../../../rollouts/write-own';
import type { OwnBranch, OwnSide, OwnTrajectory } from '../../../rollouts/write-own';
import { END_REASONS } from '../../../trainer/protocol/protocol';
import type { TrajectorySide, WorldDescription } from '../../../trainer/protocol/protocol';
import { BatchViews } from '../../../recordings/batch-views';
import type { SideView } from '../../../recordings/decode-trajectory';
import type { Piece, PiecedFile } from '../../state/file-types';
import type { LabState } from '../../state/lab-state';
import { listedRows } from '../../view/listed';
import { labelsOf } from '../labels/labels';
import { rolloutSource, someOf } from '../open/rollout-source';
import type { Coming, TrajectorySource } from '../open/rollout-source';
import { depthOf, treeOrder } from '../../lab/branch-tree';
import type { StoredBatch } from '../../../recordings/stored-batch';
import type { Studio } from '../../state/studio-state';

/** Text that is handed on at once, in characters. */
const CHUNK = 1 << 20;

/** What is saved, as it was when it was asked for: the run goes on meanwhile. */
interface Kept {
  name: string;
  world: WorldDescription;
  batches: readonly StoredBatch[];
  /** Of the one batch; null for all rows of all. */
  places: readonly number[] | null;
  lab: LabState;
  /** What is said of a row, by its place. */
  remarks: (stored: StoredBatch, place: number) => readonly Remark[];
}

/** @throws UserError where nothing is kept */
function keptBy(studio: Studio, remarks: Kept['remarks']): Kept {
  const { store, batches } = studio;
  const { world, lab, config, update, onlyListed } = store.getState();
  if (world === null || batches.all.length === 0) {
    throw new UserError('There is no trajectory to save yet.', 'Press Play, or Step for one update.');
  }
  const name = `trajectories-${config.preset}-${world.id}-${update}`;
  const listed = onlyListed === true ? listedRows(studio) : null;
  if (listed === null || listed.view.engine === null)
    return { name, world, batches: [...batches.all], places: null, lab, remarks };
  return { name: `${name}-listed`, world, batches: [listed.view.engine], places: someOf(listed.places), lab, remarks };
}

/** One after another, the oldest update first; one that lies in Cut Lab and is kept no more comes last. */
function* linesOf({ world, batches, places, lab, remarks }: Kept): Generator<string> {
  const { root, branches, pin } = lab;
  // A pinned question's trajectories are no rows of an update.
  const cut = root !== null && pin === null && branches.length > 0 ? root : null;
  const isCut = (stored: StoredBatch, row: number | undefined): boolean =>
    cut !== null && stored.batch.update === cut.batch.update && row === cut.rows[0];
  let found = false;
  for (const stored of batches) {
    const views = new BatchViews(stored, world);
    for (const place of places ?? stored.rows.keys()) {
      const row = stored.rows[place];
      found ||= isCut(stored, row);
      const line = ownLine(
        trajectoryOf(stored, views, world, place, isCut(stored, row) ? ownBranches(lab, world) : []),
      );
      yield withRemarks(line, remarks(stored, place));
    }
  }
  if (cut === null || found || places !== null) return;
  const line = ownLine(trajectoryOf(cut, new BatchViews(cut, world), world, 0, ownBranches(lab, world)));
  yield withRemarks(line, remarks(cut, 0));
}

/** The line of one row, as it is saved. @param place of the row in the arrays */
export function trajectoryLine(stored: StoredBatch, world: WorldDescription, place: number): string {
  return ownLine(trajectoryOf(stored, new BatchViews(stored, world), world, place, []));
}

function trajectoryOf(
  { batch }: StoredBatch,
  views: BatchViews,
  world: WorldDescription,
  place: number,
  branches: readonly OwnBranch[],
): OwnTrajectory {
  const view = views.at(place);
  const logProbs = Array.from(batch.reviewLogProbs.subarray(6 * place, 6 * place + 6), (value) =>
    Number.isFinite(value) ? value : null,
  );
  const written =
    view.thoughts && batch.reviewThoughts?.subarray(4 * place, 4 * place + 4).filter((token) => token > 0);
  const thoughts = written && Array.from(written, (token) => world.tokenStrings[token] ?? '');
  const side = (name: 'draft' | 'final'): OwnSide => sideOf(batch[name], batch.positions, place, view[name], world);
  return {
    update: batch.update,
    row: view.row,
    world: world.id,
    question: batch.questions[view.group] ?? '',
    answer: world.tokenStrings[batch.answers[view.group] ?? 0] ?? '',
    draft: side('draft'),
    review: { ...(thoughts && { thoughts }), cut: view.cut, logProbs },
    final: view.cut === 0 ? null : side('final'),
    advantage: batch.advantages[place] ?? 0,
    reviewAdvantage: view.reviewAdvantage,
    branches,
  };
}

function ownBranches({ branches }: LabState, world: WorldDescription): OwnBranch[] {
  const strings = (tokens: readonly number[]): string[] => tokens.map((token) => world.tokenStrings[token] ?? '');
  return treeOrder(branches).map(({ branch }) => {
    const { id, parent, step, forced, replicate, update, side, view } = branch;
    return {
      ...{ branch: id, parent: parent ?? 0, cut: step, replicate, weights: update },
      forced: forced && { position: forced.position, tokens: strings(forced.tokens) },
      revision: 1 + depthOf(branches, parent),
      side: sideOf(side, side.tokens.length, 0, view.final, world),
    };
  });
}

/** @param positions of a row in the arrays of `side` */
function sideOf(
  side: TrajectorySide,
  positions: number,
  place: number,
  { steps }: SideView,
  world: WorldDescription,
): OwnSide {
  const start = place * positions;
  const end = start + (side.lengths[place] ?? 0);
  return {
    tokens: Array.from(side.tokens.subarray(start, end), (token) => world.tokenStrings[token] ?? ''),
    logProbs: Array.from(side.logProbs.subarray(start, end)),
    entropies: Array.from(side.entropies.subarray(start, end)),
    stepStarts: steps.map((step) => step.start),
    searches: steps
      .filter(({ kind }) => kind === 'search')
      .map(({ useful, share, passages }) => ({
        useful: useful ?? 0,
        share: share ?? 0,
        passages: passages.map(({ id, sentence, source, evidence }) => ({
          id,
          text: sentence,
          source,
          class: evidence ?? undefined,
        })),
      })),
    end: END_REASONS[side.reasons[place] ?? 0],
    em: side.em[place] ?? 0,
    reward: side.rewards[place] ?? 0,
    coverage: side.coverage[place] ?? 0,
  };
}

/** What is written, whatever it comes from. */
export async function sourceOf(studio: Studio): Promise<TrajectorySource> {
  const labels = labelsOf(studio);
  await labels.open();
  const { shelf } = studio.rollouts;
  if (shelf !== null) return rolloutSource(studio, shelf.file, (row) => labels.ofFile(row));
  const kept = keptBy(studio, (stored, place) => labels.at(stored, place));
  const lines = (): Generator<string> => linesOf(kept);
  return {
    name: kept.name,
    count: kept.places?.length ?? kept.batches.reduce((sum, stored) => sum + stored.rows.length, 0),
    lines,
    *rows() {
      for (const line of lines()) {
        const rollout = readLine(line);
        yield rolloutRow(rollout, rowOf(line), rollout.advantage);
      }
    },
    parquet: () => parquetChunks(lines(), refused),
  };
}

function rowOf(line: string): number | null {
  const row: unknown = JSON.parse(line);
  return typeof row === 'object' && row !== null && 'row' in row && typeof row.row === 'number' ? row.row : null;
}

function refused(line: number, reason: string): never {
  throw new Error(`line ${line} of our own: ${reason}`);
}

/** In pieces of a megabyte, so that a long run never is one string. */
export function saveTrajectories(studio: Studio): Promise<PiecedFile> {
  return made(studio, 'jsonl', 1, ({ lines }) => textPieces(lines(), encode));
}

/** As gzip, a member a piece, as `npm run experiment` writes. */
export function saveZippedTrajectories(studio: Studio): Promise<PiecedFile> {
  return made(studio, 'jsonl.gz', 0.2, ({ lines }) => textPieces(lines(), (text) => gzipSync(encode(text))));
}

/** Numbers, question and answers of each, for spreadsheets. */
export function saveCsv(studio: Studio): Promise<PiecedFile> {
  return made(studio, 'csv', 0.1, ({ rows }) => textPieces(csvLines(rows()), encode));
}

/** A table for notebooks. */
export function saveParquet(studio: Studio): Promise<PiecedFile> {
  return made(studio, 'parquet', 0.4, ({ parquet }) => parquet());
}

async function* csvLines(rows: Coming<RolloutRow>): AsyncGenerator<string> {
  const names = ROLLOUT_COLUMNS.map(({ name }) => name);
  // A spreadsheet knows by it that the text is UTF-8; lines end as RFC 4180 has it.
  yield `\uFEFF${csvLine(names)}\r`;
  for await (const row of rows) yield `${csvLine(names.map((name) => row[name]))}\r`;
}

/** @param share of the size of the lines as they are */
async function made(
  studio: Studio,
  ending: string,
  share: number,
  pieces: (source: TrajectorySource) => AsyncIterable<Piece>,
): Promise<PiecedFile> {
  const source = await sourceOf(studio);
  return { name: `${source.name}.${ending}`, pieces: pieces(source), about: share * (await sizeOf(source)) };
}

/** Of all lines, about. */
export async function sizeOf({ lines, count }: TrajectorySource): Promise<number> {
  for await (const first of lines()) return count * first.length;
  return 0;
}

export function encode(text: string): Piece {
  return new TextEncoder().encode(text);
}

export async function* textPieces(lines: Coming<string>, pack: (text: string) => Piece): AsyncGenerator<Piece> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    yield pack(text);
    text = '';
    // The page goes on drawing in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  yield pack(text);
}
