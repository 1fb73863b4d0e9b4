/** What the readers made of each row, for the command line and for bug reports: docs/schema/read-rollout.schema.json. */
import { rolloutAt } from './file/read-file';
import type { RolloutFile } from './file/read-file';
import type { RolloutSide, RolloutStep } from './reading/record';
import type { Remark } from './reading/remarks';

export interface ToldStep {
  kind: RolloutStep['kind'];
  /** The query of a search, the text of an answer, '' of what was not finished. */
  query: string;
  /** How many the search found. */
  passages: number;
  useful: number | null;
}

export interface ToldRow {
  file: string;
  /** Place among the rows that were read, in the order of the file, from 0. */
  row: number;
  /** From 1. */
  line: number;
  question: string;
  golds: readonly string[];
  answer: string | null;
  em: number | null;
  reward: number | null;
  /** Whether the reward is the file's. */
  rewardGiven: boolean;
  /** The file's; null where it gives none. */
  advantage: number | null;
  /** Training step. */
  step: number | null;
  /** Rows of one number were sampled for one question. */
  group: number;
  /** Why it ended without an answer. */
  end: string | null;
  /** How its answer was found, where that is to be said. */
  note: string | null;
  steps: ToldStep[];
  /** The draft, where something reviewed it. */
  draft: ToldStep[] | null;
  /** What a person said of it; not there where nobody did. */
  labels?: readonly Remark[];
}

/** In the order of the file. */
export function* toldRows(file: RolloutFile): Generator<ToldRow> {
  const { table } = file;
  const order = Array.from(table.offsets.keys()).sort((a, b) => (table.offsets[a] ?? 0) - (table.offsets[b] ?? 0));
  for (const [row, place] of order.entries()) {
    const { question, golds, step, draft, final, advantage, cut, remarks } = rolloutAt(file, place);
    const { answer, em, reward, rewardGiven, endReason, note } = final;
    const about = {
      file: file.name,
      row,
      line: table.lines[place] ?? 0,
      question,
      golds,
      answer,
      em,
      reward,
      rewardGiven,
    };
    const group = table.groups[place] ?? 0;
    yield {
      ...{ ...about, advantage, step, group, end: endReason, note },
      steps: toldSteps(final),
      draft: cut > 0 ? toldSteps(draft) : null,
      ...(remarks === undefined ? {} : { labels: remarks }),
    };
  }
}

function toldSteps({ steps }: RolloutSide): ToldStep[] {
  return steps.map(({ kind, text, passages, useful }) => ({ kind, query: text, passages: passages.length, useful }));
}
