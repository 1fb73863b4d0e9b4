/** The run's kept trajectories as a file, in the format of `npm run experiment`. */
import { gzipSync } from 'fflate';
import { UserError } from '../lib/assert';
import { messagesOf, ownLine } from '../rollouts/write-own';
import type { OwnSide, OwnTrajectory } from '../rollouts/write-own';
import { END_REASONS } from '../trainer/protocol';
import type { TrajectoryBatch, WorldDescription } from '../trainer/protocol';
import { BatchViews } from './batch-views';
import type { SideName, TrajectoryView } from './decode';
import type { SavedFile } from './file-types';
import type { StoredBatch } from './stored-batch';
import type { Studio } from './studio-state';

/** Text that is handed on at once, in characters. */
const CHUNK = 1 << 20;

/** One after another, the oldest update first. @throws UserError where nothing is kept */
function* keptTrajectories({ store, batches }: Studio): Generator<KeptTrajectory> {
  const { world } = store.getState();
  const kept = batches.all;
  if (world === null || kept.length === 0) {
    throw new UserError('There is no trajectory to save yet.', 'Press Play, or Step for one update.');
  }
  for (const stored of kept) {
    const views = new BatchViews(stored, world);
    for (let place = 0; place < stored.rows.length; place += 1) yield trajectoryOf(stored, views, world, place);
  }
}

type KeptTrajectory = OwnTrajectory & { review: { cut: number; logProbs: (number | null)[] } };

function trajectoryOf(
  { batch }: StoredBatch,
  views: BatchViews,
  world: WorldDescription,
  place: number,
): KeptTrajectory {
  const view = views.at(place);
  const logProbs = Array.from(batch.reviewLogProbs.subarray(6 * place, 6 * place + 6), (value) =>
    Number.isFinite(value) ? value : null,
  );
  return {
    update: batch.update,
    row: view.row,
    world: world.id,
    question: batch.questions[view.group] ?? '',
    answer: world.tokenStrings[batch.answers[view.group] ?? 0] ?? '',
    draft: sideOf(batch, world, view, 'draft'),
    review: { cut: view.cut, logProbs },
    final: view.cut === 0 ? null : sideOf(batch, world, view, 'final'),
    advantage: view.advantage,
    reviewAdvantage: view.reviewAdvantage,
  };
}

function sideOf(batch: TrajectoryBatch, world: WorldDescription, view: TrajectoryView, name: SideName): OwnSide {
  const side = batch[name];
  const { steps, em, reward, coverage } = view[name];
  const { place } = view;
  const start = place * batch.positions;
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
    em,
    reward,
    coverage,
  };
}

/** A blob in pieces of a megabyte, so that a long run never is one string. */
export async function saveTrajectories(studio: Studio): Promise<SavedFile> {
  return { name: `${fileName(studio)}.jsonl`, blob: await blobOf(studio, (text) => new TextEncoder().encode(text)) };
}

/** As gzip, a member a piece, as `npm run experiment` writes. */
export async function saveZippedTrajectories(studio: Studio): Promise<SavedFile> {
  const pack = (text: string): Uint8Array<ArrayBuffer> => gzipSync(new TextEncoder().encode(text));
  return { name: `${fileName(studio)}.jsonl.gz`, blob: await blobOf(studio, pack) };
}

async function blobOf(studio: Studio, pack: (text: string) => Uint8Array<ArrayBuffer>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let text = '';
  for (const trajectory of keptTrajectories(studio)) {
    text += `${ownLine(trajectory)}\n`;
    if (text.length < CHUNK) continue;
    parts.push(pack(text));
    text = '';
    // The page goes on drawing in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  parts.push(pack(text));
  return new Blob(parts);
}

function fileName({ store }: Studio): string {
  const { config, world, update } = store.getState();
  return `trajectories-${config.preset}-${world?.id ?? config.world}-${update}`;
}

/** A table for notebooks: the numbers as columns, messages and the whole line as JSON. */
export async function saveParquet(studio: Studio): Promise<SavedFile> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const kept = [...keptTrajectories(studio)];
  const rows = kept.map((trajectory) => parquetRow(trajectory));
  const column = (name: keyof ParquetRow, type: 'INT32' | 'DOUBLE' | 'STRING') => ({
    name,
    data: rows.map((row) => row[name]),
    type,
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      ...(['update', 'row', 'cut', 'em_draft', 'em_final'] as const).map((name) => column(name, 'INT32')),
      ...(['reward_draft', 'reward_final', 'coverage', 'advantage'] as const).map((name) => column(name, 'DOUBLE')),
      ...(['question', 'answer', 'messages'] as const).map((name) => column(name, 'STRING')),
      { name: 'trajectory', data: kept.map((trajectory) => ownLine(trajectory)), type: 'STRING' },
    ],
  });
  return { name: `${fileName(studio)}.parquet`, blob: new Blob([buffer]) };
}

interface ParquetRow {
  update: number;
  row: number;
  cut: number;
  em_draft: number;
  em_final: number;
  reward_draft: number;
  reward_final: number;
  coverage: number;
  advantage: number;
  question: string;
  answer: string;
  messages: string;
}

function parquetRow(trajectory: KeptTrajectory): ParquetRow {
  const { update, row, question, answer, draft, review, advantage } = trajectory;
  const final = trajectory.final ?? draft;
  const messages = messagesOf(question, final);
  return {
    ...{ update, row, question, answer, advantage, cut: review.cut, messages: JSON.stringify(messages) },
    ...{ em_draft: draft.em, em_final: final.em, reward_draft: draft.reward, reward_final: final.reward },
    coverage: final.coverage,
  };
}
