/** A file of trajectories as the panels want rows: numbers from its table, words from its bytes when a row is looked at. */
import { lineAt, lineAtHand, spanOf } from '../../rollouts/file/read-file';
import type { RolloutFile } from '../../rollouts/file/read-file';
import { readLine } from '../../rollouts/reading/read-line';
import type { Rollout, RolloutSide, RolloutStep } from '../../rollouts/reading/record';
import type { RowTable, SideColumns } from '../../rollouts/file/row-table';
import { meanEm } from '../../lib/exact-match';
import { mean } from '../../lib/stats';
import { summarizeBatch, tellingRow } from '../../recordings/batch-summary';
import { verdictOf } from '../../recordings/decode-trajectory';
import type {
  FileTokens,
  PassageView,
  SideName,
  SideView,
  StepView,
  TokenView,
  TrajectoryView,
} from '../../recordings/decode-trajectory';
import { facetRows, facetsOf } from './rollout-facets';
import { searchText, TOKENS_MARK } from '../../rollouts/reading/search-text';
import { unreadView } from './unread-view';
import type { OpenedRollouts, RolloutShelf, RolloutStepRange, StepStatistics } from '../state/rollouts-state';
import type { RowViews, ShownRows } from '../../recordings/shown-rows';
import type { RowNumbers, SideNumbers } from '../../recordings/row-numbers';

/** Rows that stay decoded: more than any screen shows. */
const KEPT_VIEWS = 400;
/** As many as are in sight when a list is opened. */
const FIRST_ROWS = 40;
const LABEL_LENGTH = 80;
/** Rows that are fetched at once: what was asked for before is out of sight by then. */
const MOST_FETCHED = 200;

/** What the page does when lines come that it waited for, or cannot come. */
export interface OnLines {
  come: () => void;
  fail: (error: unknown) => void;
}
const ALL_AT_HAND: OnLines = { come: () => undefined, fail: () => undefined };

export interface Shelved {
  shelf: RolloutShelf;
  about: OpenedRollouts;
  /** Fetches what is seen at first. @throws UserError where it cannot be read */
  firstLines: () => Promise<void>;
}

export function shelve(file: RolloutFile, onLines = ALL_AT_HAND): Shelved {
  const { name, hash, table, skipped, skips, unknownNumbers, cutOff } = file;
  const { unknownEm, unknownRewards, computedRewards } = table;
  const steps = stepsOf(table);
  const rows = table.cuts.length;
  const facets = facetsOf(table);
  const choose = (step: number | null): { shown: ShownRows; views: RolloutViews } => {
    const { from, to } = steps.find((entry) => entry.step === step) ?? { from: 0, to: rows };
    const shown = { ...shownOf(table, from, to, step), facets: facetRows(facets, from, to) };
    return { shown, views: new RolloutViews(file, from, shown, onLines) };
  };
  let statistics: StepStatistics[] | null = null;
  const whole = choose(null);
  const shelf = {
    file,
    whole,
    ...whole,
    choose,
    statistics: () => (statistics ??= steps.map((step) => statisticsOf(table, step))),
  };
  const about = { name, hash, rows, groups: table.questions.length, steps, step: null, skipped, skips, cutOff };
  const rest = { unknownNumbers, unknownEm, unknownRewards, computedRewards, rules: table.faults.rules };
  const seen = [whole.shown.tellingRow, ...Array.from({ length: FIRST_ROWS }, (_, place) => place)];
  return { shelf, about: { ...about, ...rest }, firstLines: () => whole.views.ready(seen) };
}

/** Rows are sorted by step. */
function stepsOf({ steps }: RowTable): RolloutStepRange[] {
  const found: RolloutStepRange[] = [];
  steps.forEach((step, row) => {
    const last = found.at(-1);
    if (last?.step === step) last.to = row + 1;
    else found.push({ step, from: row, to: row + 1 });
  });
  return found;
}

function shownOf(table: RowTable, from: number, to: number, step: number | null): ShownRows {
  const firstGroup = table.groups[from] ?? 0;
  const lastGroup = table.groups[to - 1] ?? firstGroup;
  const groups = table.groups.subarray(from, to).map((group) => group - firstGroup);
  const side = ({ em, rewards, coverage, reasons }: SideColumns): SideNumbers => ({
    em: em.subarray(from, to),
    rewards: rewards.subarray(from, to),
    coverage: coverage.subarray(from, to),
    reasons: reasons.subarray(from, to),
  });
  const reviewLogProbs = new Float32Array(6 * (to - from));
  for (let row = from; row < to; row += 1) reviewLogProbs[6 * (row - from)] = table.acceptLogProbs[row] ?? 0;
  const batch: RowNumbers = {
    update: step ?? 0,
    prompts: lastGroup - firstGroup + 1,
    questions: questionsOf(table, from, to),
    draft: side(table.draft),
    final: side(table.final),
    cuts: table.cuts.subarray(from, to),
    reviewLogProbs,
    advantages: table.advantages.subarray(from, to),
  };
  return {
    batch,
    groups,
    rows: Array.from({ length: to - from }, (_, row) => row),
    whole: true,
    hasRefiner: table.reviewed,
    summary: summarizeBatch(batch, groups, table.reviewed),
    tellingRow: tellingRow(batch),
  };
}

/** Where several steps ask the same, the list tells them apart. */
function questionsOf({ questions, groups, steps }: RowTable, from: number, to: number): string[] {
  const asked = questions.slice(groups[from], (groups[to - 1] ?? 0) + 1);
  if (steps[from] === steps[to - 1]) return asked;
  // Rows of several steps are all rows, so their groups count from 0.
  steps.forEach((step, row) => {
    const group = groups[row] ?? 0;
    if (step >= 0 && group !== groups[row - 1]) asked[group] = `${asked[group] ?? ''} (step ${step})`;
  });
  return asked;
}

function statisticsOf(table: RowTable, { step, from, to }: RolloutStepRange): StepStatistics {
  const { batch, groups, summary, hasRefiner } = shownOf(table, from, to, step);
  const share = (number: number): number | null => (hasRefiner ? number / (to - from) : null);
  return {
    step,
    rows: to - from,
    groups: (groups[groups.length - 1] ?? 0) + 1,
    equalGroups: summary.groups.filter(({ zeroVariance }) => zeroVariance).length,
    emDraft: meanEm(batch.draft.em),
    emFinal: meanEm(batch.final.em),
    reward: mean(batch.final.rewards.filter((reward) => !Number.isNaN(reward))),
    density: mean(table.final.density.subarray(from, to)),
    cut: share(to - from - (summary.cuts[0] ?? 0)),
    saved: share(summary.verdicts.saved),
    harmed: share(summary.verdicts.harmed),
  };
}

class RolloutViews implements RowViews {
  private readonly views = new Map<number, { view: TrajectoryView; rollout: Rollout }>();
  /** Asked for, and not there yet. */
  private readonly wanted = new Set<number>();
  readonly find: RowViews['find'];
  private fetching = false;

  /** @param first row of the table that stands at place 0 */
  constructor(
    private readonly file: RolloutFile,
    private readonly first: number,
    private readonly shown: ShownRows,
    private readonly onLines: OnLines,
  ) {
    if (file.lines.find) this.find = (words) => this.findFar(words);
  }

  /** Without its words, where its line has to be fetched first: then it is asked again once that has come. */
  at(place: number): TrajectoryView {
    const entry = this.entry(place);
    if (entry) return entry.view;
    this.wanted.add(place);
    if (!this.fetching) void this.fetchWanted();
    return unreadView(this.file.table, this.first + place, place, this.shown);
  }

  /** Fetches the lines of some rows. @throws UserError where they cannot be read */
  async ready(places: readonly number[]): Promise<void> {
    const rows = places.filter((place) => place < this.shown.rows.length && !this.views.has(place));
    await this.file.lines.fetch(rows.map((place) => spanOf(this.file.table, this.first + place)));
    for (const place of rows.slice(0, KEPT_VIEWS)) this.entry(place);
  }

  private async findFar(words: string): Promise<Uint8Array> {
    const hits = await this.file.lines.find?.(words);
    return hits?.subarray(this.first, this.first + this.shown.rows.length) ?? new Uint8Array(0);
  }

  answerOf({ place }: TrajectoryView): string {
    const golds = this.entry(place)?.rollout.golds;
    if (golds === undefined) return '…';
    return golds.length > 0 ? golds.join(' or ') : 'not in the file';
  }

  tokensOf({ place }: TrajectoryView, side: SideName): TokenView[] {
    const { steps, tokens } = this.entry(place)?.rollout[side] ?? { steps: [], tokens: null };
    if (tokens === null) return [];
    return steps.flatMap(({ start, end }, k) =>
      tokens.slice(start, end).map((token, at) => ({ ...token, position: start + at, step: k + 1 })),
    );
  }

  async fileTokens({ place, cut }: TrajectoryView): Promise<FileTokens | null> {
    await this.ready([place]);
    const line = lineAt(this.file, this.first + place);
    const steps = this.entry(place)?.rollout.final.steps;
    if (cut > 0 || steps === undefined || !line.includes(TOKENS_MARK)) return null;
    const { fileTokens } = await import('../../rollouts/reading/file-tokens');
    return fileTokens(line, steps);
  }

  /** The line rather than what is read from it: to read 50,000 of them into words would take seconds. */
  textOf(place: number): string {
    return searchText(lineAtHand(this.file, this.first + place) ?? '');
  }

  private async fetchWanted(): Promise<void> {
    this.fetching = true;
    // Whoever draws rows asks for all of them in one go.
    await Promise.resolve();
    try {
      while (this.wanted.size > 0) {
        const places = [...this.wanted].slice(-MOST_FETCHED);
        this.wanted.clear();
        await this.ready(places);
        this.onLines.come();
      }
      this.fetching = false;
    } catch (error) {
      // It stays as it is: to try again with every drawing would never end.
      this.onLines.fail(error);
    }
  }

  private entry(place: number): { view: TrajectoryView; rollout: Rollout } | null {
    const known = this.views.get(place);
    if (known) return known;
    const line = lineAtHand(this.file, this.first + place);
    if (line === null) return null;
    const rollout = readLine(line);
    const entry = {
      rollout,
      view: viewOf(rollout, place, this.shown, this.file.table.reviewAdvantages[this.first + place]),
    };
    if (this.views.size >= KEPT_VIEWS) this.views.delete(this.views.keys().next().value ?? 0);
    this.views.set(place, entry);
    return entry;
  }
}

function viewOf(
  rollout: Rollout,
  place: number,
  { batch, groups, hasRefiner }: ShownRows,
  reviewed = 0,
): TrajectoryView {
  const draft = sideView(rollout.draft);
  const advantage = batch.advantages[place] ?? NaN;
  return {
    row: place,
    place,
    group: groups[place] ?? 0,
    draft,
    final: rollout.cut === 0 ? draft : sideView(rollout.final),
    cut: rollout.cut,
    review: rollout.review ? [...rollout.review] : null,
    advantage: Number.isNaN(advantage) ? null : advantage,
    reviewAdvantage: reviewed,
    verdict: verdictOf(hasRefiner, rollout.cut, rollout.draft.em, rollout.final.em),
    handBranches: rollout.branches.map((branch) => ({ ...branch, side: sideView(branch.side) })),
  };
}

export function sideView(side: RolloutSide): SideView {
  const { answer, em, reward, coverage, endReason, rewardGiven, note } = side;
  const steps = side.steps.map(stepView);
  const searches = steps.filter(({ kind }) => kind === 'search').length;
  const rewardFrom = rewardGiven || reward === null ? 'file' : 'density';
  const told = note === null ? {} : { answerNote: note };
  return { steps, searches, answer, em, reward, coverage, endReason, rewardFrom, ...told };
}

function stepView(step: RolloutStep, k: number): StepView {
  const { kind, start, end, thought, useful, share, superseded = false } = step;
  const text = step.text || (kind === 'search' ? 'empty query' : thought || 'no search, no answer');
  const label = text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH)}…` : text;
  const passages = step.passages.map(({ id, title, text: sentence, evidence }): PassageView => ({
    id,
    source: title,
    sentence,
    matched: [],
    score: null,
    evidence,
  }));
  return {
    number: k + 1,
    kind,
    start,
    end,
    thought,
    text,
    label,
    passages,
    useful,
    share,
    ...(superseded ? { superseded } : {}),
  };
}
