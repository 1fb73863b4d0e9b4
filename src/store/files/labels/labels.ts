/**
 * Labels and notes of what is on screen: those that a file brings, under those that this browser keeps. Loaded beside the
 * Inspector's panel, or when something is saved.
 */
import { announce } from '../../state/announce';
import type { LabelsShown } from '../../state/labels-state';
import type { Studio } from '../../state/studio-state';
import type { CurrentView } from '../../view/current-view';
import { shownRows } from '../../view/current-view';
import { firstRow } from '../../state/rollouts-state';
import type { ShownRows } from '../../../recordings/shown-rows';
import { engineBatch } from '../../../recordings/stored-batch';
import { cleanLabels, MOST_LABEL, MOST_LABELS, MOST_NOTE, saysSomething } from '../../../rollouts/reading/remarks';
import type { Remark } from '../../../rollouts/reading/remarks';
import { labelFacet, saidOf } from './label-facet';
import { numbersIn, rowKey, runPrefix, scopeOf } from './label-places';
import type { LabelScope } from './label-places';
import { BROWSER_LABELS, labelProblem } from './label-store';
import type { LabelStorage } from './label-store';

export { MOST_LABEL, MOST_LABELS, MOST_NOTE };
export type { Remark };

export class LabelBook {
  private scope: LabelScope | null = null;
  /** Of the scope, by row. */
  private kept = new Map<string, readonly Remark[]>();
  /** Of all scopes that were opened: where the browser keeps nothing this is all there is. */
  private readonly scopes = new Map<string, Map<string, readonly Remark[]>>();
  private problem: string | null = null;
  private loading: Promise<void> = Promise.resolve();
  private version = 0;

  constructor(
    private readonly studio: Studio,
    private readonly storage: LabelStorage,
  ) {}

  /** Reads what is kept of what is on screen, unless it was read already, and shows it. Never rejects. */
  async open(): Promise<void> {
    const wanted = scopeOf(this.studio);
    if (wanted?.scope !== this.scope?.scope) {
      const before = wanted && this.scopes.get(wanted.scope);
      this.scope = wanted;
      this.kept = before ?? new Map<string, readonly Remark[]>();
      if (wanted !== null) this.scopes.set(wanted.scope, this.kept);
      if (wanted !== null && !before) this.loading = this.load(wanted, this.kept);
    }
    await this.loading;
    this.show();
  }

  private async load({ scope }: LabelScope, into: Map<string, readonly Remark[]>): Promise<void> {
    try {
      for (const { row, remarks } of await this.storage.all(scope)) into.set(row, remarks);
      this.problem = null;
    } catch (error) {
      this.problem = labelProblem(error);
    }
  }

  /** Whether rows can be labelled at all: those of a folder that is still being written have no place yet. */
  get canLabel(): boolean {
    return this.scope !== null;
  }

  /** @param place of the row in what is shown */
  at(rows: ShownRows, place: number): readonly Remark[] {
    return this.keptAt(rows, place) ?? this.inFile(rows, place);
  }

  private keptAt(rows: ShownRows, place: number): readonly Remark[] | undefined {
    return this.kept.size === 0 ? undefined : this.kept.get(rowKey(this.studio, rows, place));
  }

  private inFile(rows: ShownRows, place: number): readonly Remark[] {
    const { shelf } = this.studio.rollouts;
    const { file } = this.studio.store.getState().rollouts;
    if (engineBatch(rows) !== null || shelf === null || file === null) return [];
    return shelf.file.table.remarks.get(firstRow(file) + place) ?? [];
  }

  /** By row of the file's table, whatever is listed: what this browser has of it in place of the file's own. */
  ofFile(row: number): readonly Remark[] | undefined {
    const { shelf } = this.studio.rollouts;
    return shelf === null || this.kept.size === 0 ? undefined : this.kept.get(String(numbersIn(shelf.file)[row] ?? 0));
  }

  /** What is said of a step, or of the whole trajectory (null). */
  of({ stored, trajectory }: CurrentView, at: Pick<Remark, 'side' | 'step'>): Remark {
    const wanted = placed(at, trajectory.cut);
    const found = this.at(stored, trajectory.place).find((one) => samePlace(placed(one, trajectory.cut), wanted));
    return found ?? { ...wanted, labels: [], note: '' };
  }

  /** Says it, in place of what was said there. */
  async say({ stored, trajectory }: CurrentView, remark: Remark): Promise<void> {
    const { scope } = this;
    if (scope === null) return;
    const { cut, place } = trajectory;
    const clean = { ...placed(remark, cut), labels: cleanLabels(remark.labels), note: remark.note.slice(0, MOST_NOTE) };
    const others = this.at(stored, place).filter((one) => !samePlace(placed(one, cut), clean));
    const remarks = [...others, ...(saysSomething(clean) ? [clean] : [])].sort(byPlace);
    const row = rowKey(this.studio, stored, place);
    this.kept.set(row, remarks);
    this.show();
    try {
      await this.storage.put({ ...scope, row, remarks });
      if (this.problem !== null) this.tell(null);
    } catch (error) {
      this.tell(labelProblem(error));
    }
  }

  private tell(problem: string | null): void {
    this.problem = problem;
    if (problem !== null) announce(this.studio, problem);
    this.show();
  }

  /** Hands the lists what there is to show of the rows on screen. */
  private show(): void {
    const { store } = this.studio;
    const rows = shownRows(this.studio);
    if (rows === null) return;
    const byRow = this.byPlace(rows);
    this.version += 1;
    const names = [
      ...new Set([...byRow.values(), ...this.kept.values()].flat().flatMap(({ labels }) => labels)),
    ].sort();
    const said = new Map(
      Array.from(byRow, ([place, remarks]) => [place, saidOf(remarks, rows.batch.cuts[place] ?? 0)]),
    );
    const labels: LabelsShown = {
      ...{ rows, said, names, problem: this.problem, version: this.version },
      facet: labelFacet(byRow, rows.rows.length),
    };
    store.setState({ labels });
  }

  private byPlace(rows: ShownRows): Map<number, readonly Remark[]> {
    const found = new Map<number, readonly Remark[]>();
    for (const place of this.candidates(rows)) {
      const remarks = this.at(rows, place);
      if (remarks.length > 0) found.set(place, remarks);
    }
    return found;
  }

  /** Places of which something may be said: only there the row itself is looked at. */
  private *candidates(rows: ShownRows): Generator<number> {
    const engine = engineBatch(rows);
    if (engine !== null) {
      const prefixes = new Set(Array.from(this.kept.keys(), (key) => key.slice(0, key.lastIndexOf(' ') + 1)));
      for (const [place, row] of rows.rows.entries()) {
        if (prefixes.has(runPrefix(engine.batch.update, row))) yield place;
      }
      return;
    }
    const { shelf } = this.studio.rollouts;
    const { file } = this.studio.store.getState().rollouts;
    if (shelf === null || file === null) return;
    const from = firstRow(file);
    const own = new Set(shelf.file.table.remarks.keys());
    if (this.kept.size > 0) {
      numbersIn(shelf.file).forEach((number, row) => {
        if (this.kept.has(String(number))) own.add(row);
      });
    }
    for (const row of own) if (row >= from && row < from + rows.rows.length) yield row - from;
  }
}

/** Steps before the cut are the draft's and the final side's; without a cut there is one side. */
export function placed<Place extends Pick<Remark, 'side' | 'step'>>(at: Place, cut: number): Place {
  if (at.step === null || cut === 0) return { ...at, side: 'final' };
  return at.step < cut ? { ...at, side: 'draft' } : at;
}

function samePlace(a: Pick<Remark, 'side' | 'step'>, b: Pick<Remark, 'side' | 'step'>): boolean {
  return a.step === b.step && a.side === b.side;
}

function byPlace(a: Remark, b: Remark): number {
  return a.side.localeCompare(b.side) * Number(a.step !== null && b.step !== null) || (a.step ?? 0) - (b.step ?? 0);
}

const books = new WeakMap<Studio, LabelBook>();

export function labelsOf(studio: Studio, storage: LabelStorage = BROWSER_LABELS): LabelBook {
  const book = books.get(studio) ?? new LabelBook(studio, storage);
  books.set(studio, book);
  return book;
}
