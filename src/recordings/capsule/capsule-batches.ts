/**
 * Trajectory batches as the columns of a capsule: tokens without their padding, and of a final trajectory that is its draft
 * only a mark that it is.
 */
import type { TrajectoryBatch, TrajectorySide } from '../../trainer/protocol/protocol';
import type { Numbers, ColumnReader, ColumnWriter } from './capsule-columns';
import { unusable } from './capsule-file';
import { MAX_SEARCHES, MAX_STEPS, REVIEW_CHOICES, REVIEW_THOUGHTS } from '../decode-trajectory';
import { storeBatch } from '../stored-batch';
import type { StoredBatch } from '../stored-batch';

const PASSAGES = MAX_SEARCHES * 3;
/** Numbers of a row of a side, besides those that go with its tokens. */
const ROW_WIDTHS = {
  lengths: 1,
  stepStarts: MAX_STEPS,
  stepCounts: 1,
  reasons: 1,
  passages: PASSAGES,
  passageClasses: PASSAGES,
  scores: PASSAGES,
  useful: MAX_SEARCHES,
  shares: MAX_SEARCHES,
  em: 1,
  rewards: 1,
  coverage: 1,
} as const;
const ROW_NAMES = [
  'lengths',
  'stepStarts',
  'stepCounts',
  'reasons',
  'passages',
  'passageClasses',
  'scores',
  'useful',
  'shares',
  'em',
  'rewards',
  'coverage',
] as const;
const TOKEN_NAMES = ['tokens', 'logProbs', 'entropies'] as const;

export function writeBatch(writer: ColumnWriter, { batch, rows }: StoredBatch): void {
  const { draft, final, positions } = batch;
  writer.add('rows', Uint16Array.from(rows));
  writer.add('answers', batch.answers);
  writer.add('cuts', batch.cuts);
  writer.add('reviewLogProbs', batch.reviewLogProbs);
  if (batch.reviewThoughts) writer.add('reviewThoughts', batch.reviewThoughts);
  writer.add('advantages', batch.advantages);
  writer.add('reviewAdvantages', batch.reviewAdvantages);
  const places = rows.map((_, place) => place);
  const unlike = places.filter((place) => !isSameRow(draft, final, place, positions));
  const same = new Uint8Array(rows.length).fill(1);
  for (const place of unlike) same[place] = 0;
  writer.add('same', same);
  for (const name of ROW_NAMES) writer.add(`draft.${name}`, draft[name]);
  writeTokens(writer, 'draft', draft, places, positions);
  for (const name of ROW_NAMES) {
    for (const place of unlike) writer.add(`final.${name}`, rowOf(final[name], place, ROW_WIDTHS[name]));
  }
  writeTokens(writer, 'final', final, unlike, positions);
}

function writeTokens(
  writer: ColumnWriter,
  name: string,
  side: TrajectorySide,
  places: readonly number[],
  positions: number,
): void {
  for (const field of TOKEN_NAMES) {
    for (const place of places) {
      const start = place * positions;
      writer.add(`${name}.${field}`, side[field].subarray(start, start + (side.lengths[place] ?? 0)));
    }
  }
}

function rowOf(data: Numbers, place: number, width: number): Numbers {
  return data.subarray(place * width, (place + 1) * width);
}

function isSameRow(a: TrajectorySide, b: TrajectorySide, place: number, positions: number): boolean {
  const same = (one: Numbers, other: Numbers): boolean => one.every((value, i) => Object.is(value, other[i]));
  return (
    ROW_NAMES.every((name) => same(rowOf(a[name], place, ROW_WIDTHS[name]), rowOf(b[name], place, ROW_WIDTHS[name]))) &&
    TOKEN_NAMES.every((name) => same(rowOf(a[name], place, positions), rowOf(b[name], place, positions)))
  );
}

/** What the header says of a batch, checked. */
export type BatchHeader = Pick<TrajectoryBatch, 'update' | 'prompts' | 'groupSize' | 'positions' | 'questions'> & {
  /** Rows that are kept. */
  rows: number;
  /** Whether its reviews have advantages. */
  reviewed: boolean;
  /** Whether its reviews wrote down what they believed; missing where not. */
  thinks?: boolean;
  /** What is known of rows that are not kept; null where all are. */
  sampled: Pick<StoredBatch, 'summary' | 'tellingRow'> | null;
};

export function headerOf({ batch, rows, whole, summary, tellingRow }: StoredBatch): BatchHeader {
  const { update, prompts, groupSize, positions, questions, reviewAdvantages } = batch;
  const reviewed = reviewAdvantages.length > 0;
  const sampled = whole ? null : { summary, tellingRow };
  const thinks = batch.reviewThoughts && { thinks: true };
  return { update, prompts, groupSize, positions, questions, rows: rows.length, reviewed, ...thinks, sampled };
}

/** @throws UserError where the columns do not hold what the header says */
export function readBatch(reader: ColumnReader, header: BatchHeader, hasRefiner: boolean): StoredBatch {
  const { update, prompts, groupSize, positions, questions, rows: count, reviewed, sampled } = header;
  const total = prompts * groupSize;
  const fail = (what: string): never => {
    throw unusable(reader.file, `the trajectories of update ${update} ${what}`);
  };
  const rows = Array.from(reader.u16('rows', count));
  if (rows.some((row, place) => row >= total || row <= (rows[place - 1] ?? -1))) fail('name rows that there are not');
  const answers = reader.u16('answers', prompts);
  const cuts = reader.u8('cuts', count);
  if (cuts.some((cut) => cut > MAX_STEPS)) fail('have cuts that there are not');
  const shared = {
    reviewLogProbs: reader.f32('reviewLogProbs', count * REVIEW_CHOICES),
    ...(header.thinks === true && { reviewThoughts: reader.u16('reviewThoughts', count * REVIEW_THOUGHTS) }),
    advantages: reader.f32('advantages', count),
    reviewAdvantages: reader.f32('reviewAdvantages', reviewed ? count : 0),
  };
  const same = reader.u8('same', count);
  const draft = readSide(reader, 'draft', count, positions, fail);
  const changed = readSide(reader, 'final', same.filter((is) => is !== 1).length, positions, fail);
  const final = mergeSides(draft, changed, same);
  const batch = { update, prompts, groupSize, positions, answers, questions, draft, final, cuts, ...shared };
  if (sampled === null) {
    if (count !== total) fail('are not all there');
    return storeBatch(batch, hasRefiner);
  }
  if (!rows.includes(sampled.tellingRow)) fail('name a row that is not kept');
  const groups = rows.map((row) => Math.floor(row / groupSize));
  return { batch, groups, rows, whole: false, hasRefiner, ...sampled };
}

function readSide(
  reader: ColumnReader,
  name: string,
  count: number,
  positions: number,
  fail: (what: string) => never,
): TrajectorySide {
  const column = (field: keyof typeof ROW_WIDTHS): [string, number] => [`${name}.${field}`, count * ROW_WIDTHS[field]];
  const lengths = reader.u16(...column('lengths'));
  const stepStarts = reader.u16(...column('stepStarts'));
  const stepCounts = reader.u8(...column('stepCounts'));
  if (lengths.some((length) => length > positions)) fail('are longer than they can be');
  if (stepCounts.some((steps) => steps < 1 || steps > MAX_STEPS)) fail('have more steps than they can have, or none');
  const tokens = new Uint16Array(count * positions);
  const logProbs = new Float32Array(count * positions);
  const entropies = new Float32Array(count * positions);
  lengths.forEach((length, place) => {
    tokens.set(reader.u16(`${name}.tokens`, length), place * positions);
    logProbs.set(reader.f32(`${name}.logProbs`, length), place * positions);
    entropies.set(reader.f32(`${name}.entropies`, length), place * positions);
  });
  return {
    tokens,
    lengths,
    logProbs,
    entropies,
    stepStarts,
    stepCounts,
    reasons: reader.u8(...column('reasons')),
    passages: reader.i32(...column('passages')),
    passageClasses: reader.u8(...column('passageClasses')),
    scores: reader.f32(...column('scores')),
    useful: reader.u8(...column('useful')),
    shares: reader.f32(...column('shares')),
    em: reader.u8(...column('em')),
    rewards: reader.f32(...column('rewards')),
    coverage: reader.f32(...column('coverage')),
  };
}

/** The draft's rows, those of `changed` in place of the ones that are not `same`. */
function mergeSides(draft: TrajectorySide, changed: TrajectorySide, same: Uint8Array): TrajectorySide {
  const places = Array.from(same.keys()).filter((place) => same[place] !== 1);
  const merge = <
    A extends { length: number; slice(): A; subarray(from: number, to: number): A; set(of: A, at: number): void },
  >(
    from: A,
    other: A,
  ): A => {
    const merged = from.slice();
    const width = from.length / same.length;
    places.forEach((place, i) => merged.set(other.subarray(i * width, (i + 1) * width), place * width));
    return merged;
  };
  return {
    tokens: merge(draft.tokens, changed.tokens),
    lengths: merge(draft.lengths, changed.lengths),
    logProbs: merge(draft.logProbs, changed.logProbs),
    entropies: merge(draft.entropies, changed.entropies),
    stepStarts: merge(draft.stepStarts, changed.stepStarts),
    stepCounts: merge(draft.stepCounts, changed.stepCounts),
    reasons: merge(draft.reasons, changed.reasons),
    passages: merge(draft.passages, changed.passages),
    passageClasses: merge(draft.passageClasses, changed.passageClasses),
    scores: merge(draft.scores, changed.scores),
    useful: merge(draft.useful, changed.useful),
    shares: merge(draft.shares, changed.shares),
    em: merge(draft.em, changed.em),
    rewards: merge(draft.rewards, changed.rewards),
    coverage: merge(draft.coverage, changed.coverage),
  };
}
