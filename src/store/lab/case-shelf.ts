/** Test cases that a person keeps, over reloads of the page. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { NEWER_HINT } from '../../lib/versions';
import { askEngine, refusalText } from '../run/ask-engine';
import { labDraft } from './cut-lab';
import { decodeTrajectory, tokenWord } from '../../recordings/decode-trajectory';
import type { LabBranch } from '../state/lab-state';
import { caseDraft, caseRefusal, caseResult, engineDraft, isTestCase, linkOf } from './test-case';
import type { TestCase } from './test-case';
import type { DraftRow, TrajectorySide } from '../../trainer/protocol/protocol';
import type { Studio } from '../state/studio-state';

/** Where cases lie: a text that is read once and written whole. */
export interface CaseStorage {
  load(): string | null;
  /** @throws where there is no room */
  save(text: string): void;
}

export interface ShelfState {
  cases: readonly TestCase[];
  /** The case that is being run again. */
  running: number | null;
  /** What went wrong, in words. */
  problem: string | null;
}

const STORAGE_KEY = 'cutpoint-cases';
/** Before cases had a version they were a list alone. */
const FORMAT = 'cutpoint-case/1';
/** Characters at most, and runs of one case: a browser gives a page about 5 million in all. */
const MOST_TEXT = 1_000_000;
const MOST_RESULTS = 40;

/** What the browser keeps for this page; nothing where it keeps nothing. */
export const BROWSER_STORAGE: CaseStorage = {
  load: () => window.localStorage.getItem(STORAGE_KEY),
  save: (text) => window.localStorage.setItem(STORAGE_KEY, text),
};

export class CaseShelf {
  readonly store: StoreApi<ShelfState>;
  /** Why nothing may be written over what is stored; null where it may. */
  private readonly foreign: string | null;

  constructor(
    private readonly studio: Studio,
    private readonly storage: CaseStorage,
  ) {
    const { foreign, ...stored } = read(storage);
    this.foreign = foreign;
    this.store = createStore<ShelfState>()(() => ({ running: null, ...stored }));
  }

  /** Keeps the branch that is shown, which was cut from what lies on the bench. */
  keep(branch: LabBranch, name: string): void {
    const { lab, config, world } = this.studio.store.getState();
    const { root, draft } = lab;
    if (root === null || draft === null || world === null) return;
    const { batch, rows } = root;
    const group = Math.floor((rows[0] ?? 0) / batch.groupSize);
    const id = 1 + Math.max(0, ...this.store.getState().cases.map((one) => one.id));
    const question = batch.questions[group] ?? '';
    const kept: TestCase = {
      id,
      name: name.trim() || `${question} cut at ${branch.step}`,
      link: linkOf(config),
      question,
      rightAnswer: tokenWord(world, batch.answers[group] ?? 0),
      draft: caseDraft(labDraft(this.studio)),
      step: branch.step,
      replicate: branch.replicate,
      forced: branch.forced,
      results: [caseResult(branch.update, branch.view.final, branch.side.tokens)],
    };
    this.write([...this.store.getState().cases, kept]);
  }

  rename(id: number, name: string): void {
    this.write(this.store.getState().cases.map((one) => (one.id === id ? { ...one, name } : one)));
  }

  remove(id: number): void {
    this.write(this.store.getState().cases.filter((one) => one.id !== id));
  }

  /** Regenerates a case with the present weights and adds what came of it. */
  async run(id: number): Promise<void> {
    const { studio } = this;
    const { cases, running } = this.store.getState();
    const known = cases.find((one) => one.id === id);
    const { config, world } = studio.store.getState();
    const shown = studio.batches.newest?.batch;
    if (known === undefined || running !== null || world === null || shown === undefined) return;
    const refusal = caseRefusal(known, config);
    if (refusal !== null) {
      this.store.setState({ problem: refusal });
      return;
    }
    this.store.setState({ running: id, problem: null });
    try {
      const draft = engineDraft(known, shown.positions);
      const { update, side } = await regenerate(studio, known, draft);
      const batch = { ...shown, draft: side, final: side, cuts: new Uint8Array(1) };
      const single = { ...batch, reviewLogProbs: new Float32Array(6), advantages: new Float32Array(1) };
      const { final } = decodeTrajectory({ ...single, reviewAdvantages: new Float32Array(1) }, world, 0, false);
      const result = caseResult(update, final, side.tokens);
      this.write(
        this.store.getState().cases.map((one) => (one.id === id ? { ...one, results: added(one, result) } : one)),
      );
    } catch (error) {
      this.store.setState({ problem: refusalText(error) });
    } finally {
      this.store.setState({ running: null });
    }
  }

  private write(cases: readonly TestCase[]): void {
    if (this.foreign !== null) {
      this.store.setState({ cases, problem: this.foreign });
      return;
    }
    const text = JSON.stringify({ format: FORMAT, cases });
    if (text.length > MOST_TEXT && cases.length > this.store.getState().cases.length) {
      this.store.setState({ problem: 'There is no room for more cases: export them and remove some.' });
      return;
    }
    try {
      this.storage.save(text);
      this.store.setState({ cases, problem: null });
    } catch {
      this.store.setState({ cases, problem: 'This browser keeps nothing for the page: export what you want to keep.' });
    }
  }
}

async function regenerate(
  studio: Studio,
  { step, replicate, forced }: TestCase,
  draft: DraftRow,
): Promise<{ update: number; side: TrajectorySide }> {
  if (forced === null) {
    return (await askEngine(studio, 'branch', (id) => ({ type: 'cut', id, draft, step, replicate }))).branch;
  }
  const { position, tokens } = forced;
  return askEngine(studio, 'continued', (id) => {
    return { type: 'continue', id, draft, position, forced: tokens, replicate, edits: [] };
  });
}

/** The first result stays: it is what all others are compared with. */
function added({ results }: TestCase, result: TestCase['results'][number]): TestCase['results'] {
  const [first, ...later] = [...results, result];
  return [first, ...later.slice(-(MOST_RESULTS - 1))];
}

function read(storage: CaseStorage): Pick<ShelfState, 'cases' | 'problem'> & { foreign: string | null } {
  const nothing = { cases: [], foreign: null };
  try {
    const text = storage.load();
    if (text === null) return { ...nothing, problem: null };
    const stored: unknown = JSON.parse(text);
    const format = typeof stored === 'object' && stored !== null && 'format' in stored ? String(stored.format) : FORMAT;
    if (format !== FORMAT) {
      const told = `The kept cases are of format ${format.slice(0, 40)}; this page reads ${FORMAT}. ${NEWER_HINT} They are left as they are, and what is kept now lasts as long as the page.`;
      return { cases: [], problem: told, foreign: told };
    }
    const list: unknown = typeof stored === 'object' && stored !== null && 'cases' in stored ? stored.cases : stored;
    const cases = Array.isArray(list) ? list.filter(isTestCase) : [];
    const lost = Array.isArray(list) ? list.length - cases.length : 1;
    const problem = lost === 0 ? null : 'Some kept cases could not be read and are left out.';
    return { cases, problem, foreign: null };
  } catch {
    return { ...nothing, problem: 'The kept cases could not be read.' };
  }
}
