/** Test cases that a person keeps, over reloads of the page. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { NEWER_HINT } from '../../lib/versions';
import type { LabBranch } from '../state/lab-state';

/** What came of a case. */
export interface CaseResult {
  answer: string | null;
  em: number | null;
  reward: number | null;
}

/** What every case has, whoever regenerates it. */
export interface KeptCase {
  id: number;
  name: string;
  question: string;
  rightAnswer: string;
  /** Cut before this step, or something was put into it. */
  step: number;
  /** As it was when it was kept, then each time that it was run again. */
  results: readonly CaseResult[];
}

/** Who regenerates cases, and what such a case holds. */
export interface CaseKind<C extends KeptCase> {
  /** Where the browser keeps them. */
  key: string;
  /** Of a line, and of what the browser keeps. */
  format: string;
  isCase: (value: unknown) => value is C;
  /** A branch as a case; null where nothing lies on the bench. */
  of: (branch: LabBranch, id: number, name: string) => C | null;
  /** Why it cannot be run now, null if it can. */
  refusal: (one: C) => string | null;
  /** @throws where whoever regenerates it refuses */
  again: (one: C, signal: AbortSignal) => Promise<C['results'][number]>;
  /** Whether `again` heeds its signal. */
  cancels: boolean;
  /** What went wrong, in words. */
  told: (error: unknown) => string;
}

/** Where cases lie: a text that is read once and written whole. */
export interface CaseStorage {
  load(): string | null;
  /** @throws where there is no room */
  save(text: string): void;
}

export interface ShelfState<C extends KeptCase> {
  cases: readonly C[];
  /** The case that is being run again. */
  running: number | null;
  /** What went wrong, in words. */
  problem: string | null;
}

/** Characters at most, and runs of one case: a browser gives a page about 5 million in all. */
const MOST_TEXT = 1_000_000;
const MOST_RESULTS = 40;

/** What the browser keeps for this page; nothing where it keeps nothing. */
export function browserStorage(key: string): CaseStorage {
  return {
    load: () => window.localStorage.getItem(key),
    save: (text) => window.localStorage.setItem(key, text),
  };
}

export class CaseShelf<C extends KeptCase> {
  readonly store: StoreApi<ShelfState<C>>;
  /** Why nothing may be written over what is stored; null where it may. */
  private readonly foreign: string | null;
  private running: AbortController | null = null;

  constructor(
    readonly kind: CaseKind<C>,
    private readonly storage: CaseStorage = browserStorage(kind.key),
  ) {
    const { foreign, ...stored } = read(storage, kind);
    this.foreign = foreign;
    this.store = createStore<ShelfState<C>>()(() => ({ running: null, ...stored }));
  }

  /** Keeps the branch that is shown, which was cut from what lies on the bench. */
  keep(branch: LabBranch, name: string): void {
    const { cases } = this.store.getState();
    const kept = this.kind.of(branch, 1 + Math.max(0, ...cases.map(({ id }) => id)), name.trim());
    if (kept !== null) this.write([...cases, kept]);
  }

  rename(id: number, name: string): void {
    this.write(this.store.getState().cases.map((one) => (one.id === id ? { ...one, name } : one)));
  }

  remove(id: number): void {
    this.write(this.store.getState().cases.filter((one) => one.id !== id));
  }

  /** Regenerates cases, one after the other, and adds what came of each; a cancelled one ends the rest. */
  async run(...ids: readonly number[]): Promise<void> {
    if (this.running !== null) return;
    const controller = new AbortController();
    this.running = controller;
    this.store.setState({ problem: null });
    for (const id of ids) if (!controller.signal.aborted) await this.again(id, controller.signal);
    this.running = null;
    this.store.setState({ running: null });
  }

  cancel(): void {
    this.running?.abort();
  }

  private async again(id: number, signal: AbortSignal): Promise<void> {
    const known = this.store.getState().cases.find((one) => one.id === id);
    if (known === undefined) return;
    const problem = this.kind.refusal(known);
    if (problem !== null) {
      this.store.setState({ problem });
      return;
    }
    this.store.setState({ running: id });
    try {
      const result = await this.kind.again(known, signal);
      this.write(
        this.store.getState().cases.map((one) => (one.id === id ? { ...one, results: added(one, result) } : one)),
      );
    } catch (error) {
      if (!signal.aborted) this.store.setState({ problem: this.kind.told(error) });
    }
  }

  private write(cases: readonly C[]): void {
    if (this.foreign !== null) {
      this.store.setState({ cases, problem: this.foreign });
      return;
    }
    const text = JSON.stringify({ format: this.kind.format, cases });
    if (text.length > MOST_TEXT && cases.length > this.store.getState().cases.length) {
      const problem =
        cases.length === 1
          ? `This case is larger than all that may be kept, ${MOST_TEXT / 1e6} million characters.`
          : 'There is no room for more cases: export them and remove some.';
      this.store.setState({ problem });
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

/** The first result stays: it is what all others are compared with. */
function added({ results }: KeptCase, result: CaseResult): readonly CaseResult[] {
  const [first, ...later] = results;
  return first ? [first, ...[...later, result].slice(-(MOST_RESULTS - 1))] : [result];
}

function read<C extends KeptCase>(
  storage: CaseStorage,
  { format: known, isCase }: CaseKind<C>,
): Pick<ShelfState<C>, 'cases' | 'problem'> & { foreign: string | null } {
  const nothing = { cases: [], foreign: null };
  try {
    const text = storage.load();
    if (text === null) return { ...nothing, problem: null };
    const stored: unknown = JSON.parse(text);
    const format = typeof stored === 'object' && stored !== null && 'format' in stored ? String(stored.format) : known;
    if (format !== known) {
      const told = `The kept cases are of format ${format.slice(0, 40)}; this page reads ${known}. ${NEWER_HINT} They are left as they are, and what is kept now lasts as long as the page.`;
      return { cases: [], problem: told, foreign: told };
    }
    // Before cases had a version they were a list alone.
    const list: unknown = typeof stored === 'object' && stored !== null && 'cases' in stored ? stored.cases : stored;
    const cases = Array.isArray(list) ? list.filter(isCase) : [];
    const lost = Array.isArray(list) ? list.length - cases.length : 1;
    const problem = lost === 0 ? null : 'Some kept cases could not be read and are left out.';
    return { cases, problem, foreign: null };
  } catch {
    return { ...nothing, problem: 'The kept cases could not be read.' };
  }
}
