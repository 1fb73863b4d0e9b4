import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import { toldRows } from '../../../rollouts/told-rows';
import { branchedLines } from '../../../testing/page/branched-lines';
import { playedStudio } from '../../../testing/page/open-studio';
import { STEP } from '../../run/actions';
import { listRows, WHOLE_LIST } from '../../state/row-list';
import type { PiecedFile } from '../../state/file-types';
import type { Studio } from '../../state/studio-state';
import { currentView } from '../../view/current-view';
import { listedRows } from '../../view/listed';
import { shelve } from '../../view/rollout-views';
import { select } from '../../view/view-actions';
import { labelProblem, BROWSER_LABELS } from './label-store';
import type { KeptLabels, LabelStorage } from './label-store';
import { LabelBook, labelsOf } from './labels';
import type { Remark } from './labels';
import { saveAtif, saveInspect } from '../save/save-interop';
import { saveCsv, saveParquet, saveTrajectories } from '../save/save-trajectories';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

const WHOLE = { side: 'final', step: null } as const;
const good: Remark = { ...WHOLE, labels: ['good'], note: '' };

async function open(studio: Studio, lines: readonly string[]): Promise<void> {
  const blob = new Blob([lines.join('\n')]);
  const file = await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]);
  const { shelf, about } = shelve(file);
  studio.rollouts.shelf = shelf;
  studio.store.setState(({ rollouts }) => ({ rollouts: { ...rollouts, file: about } }));
}

const rollout = (answer: string): string =>
  JSON.stringify({ question: 'q', answers: ['Rome'], completion: `<search>x</search><answer>${answer}</answer>` });

async function withFile(lines = [rollout('Rome'), rollout('Oslo'), rollout('Bonn')]) {
  const { studio } = playedStudio();
  await open(studio, lines);
  return studio;
}

function viewOf(studio: Studio) {
  const view = currentView(studio);
  if (view === null) throw new Error('Nothing is on screen.');
  return view;
}

function memory(): LabelStorage & { kept: KeptLabels[] } {
  const kept: KeptLabels[] = [];
  return {
    kept,
    all: (scope) => Promise.resolve(kept.filter((one) => one.scope === scope)),
    put: (one) => Promise.resolve(void kept.push(one)),
  };
}

async function bookOf(studio: Studio, storage: LabelStorage = memory()): Promise<LabelBook> {
  const book = new LabelBook(studio, storage);
  await book.open();
  return book;
}

const shown = (studio: Studio) => {
  const { labels } = studio.store.getState();
  if (labels === null) throw new Error('No labels are known.');
  return labels;
};

describe('labels and notes', () => {
  it('of a file are kept under its hash, and there again when it is opened again', async () => {
    const studio = await withFile();
    select(studio, { row: 1, side: 'final', step: 2 });
    const book = await bookOf(studio, BROWSER_LABELS);
    await book.say(viewOf(studio), { side: 'final', step: 2, labels: [' wrong  city ', 'wrong city'], note: 'why?' });
    await book.say(viewOf(studio), good);
    const again = await withFile();
    select(again, { row: 1, side: 'final', step: 2 });
    const later = await bookOf(again, BROWSER_LABELS);
    const said = { side: 'final', step: 2, labels: ['wrong city'], note: 'why?' };
    expect(later.of(viewOf(again), { side: 'final', step: 2 })).toEqual(said);
    expect(shown(again).said).toEqual(
      new Map([[1, { text: 'good, wrong city, note', steps: { 'final 2': 'wrong city, note' } }]]),
    );
    expect(shown(again)).toMatchObject({ names: ['good', 'wrong city'], problem: null });
    const other = await withFile([rollout('Rome'), rollout('Oslo')]);
    await bookOf(other, BROWSER_LABELS);
    expect(shown(other).said.size).toBe(0);
  });

  it('of a run belong to what was sampled, not to its place alone', async () => {
    const storage = memory();
    const { studio } = playedStudio();
    STEP.perform(studio);
    const view = viewOf(studio);
    await (await bookOf(studio, storage)).say(view, good);
    const same = playedStudio().studio;
    STEP.perform(same);
    await bookOf(same, storage);
    expect(shown(same).said.get(viewOf(same).trajectory.place)?.text).toBe('good');
    expect(storage.kept[0]?.scope).toMatch(/^run [0-9a-f]{16}$/);
    view.engine?.batch.draft.tokens.fill(3);
    await bookOf(studio, storage);
    expect(shown(studio).said.size).toBe(0);
  });

  it('filter the list, by label, by note, by having any', async () => {
    const studio = await withFile();
    const book = await bookOf(studio);
    expect(shown(studio).facet).toBeNull();
    for (const [row, remark] of [
      [0, good],
      [2, { ...good, labels: ['good', 'bad'], note: 'n' }],
    ] as const) {
      select(studio, { row, side: 'final', step: 1 });
      await book.say(viewOf(studio), remark);
    }
    const listed = (value: string) => {
      studio.store.setState({ list: { ...WHOLE_LIST, facets: { labels: value } } });
      return listedRows(studio)?.places.sort();
    };
    expect(['none', 'any', 'note', 'label-good', 'label-bad', 'label-gone'].map(listed)).toEqual([
      ...[[1], [0, 2], [2], [0, 2], [2], [0, 1, 2]],
    ]);
    const { stored } = viewOf(studio);
    const { facets } = listRows(stored, null, WHOLE_LIST, shown(studio).facet);
    expect(facets.at(-1)).toEqual([1, 2, 1, 2, 1]);
  });

  it('are in every file that is saved, and read again from it', async () => {
    const studio = await withFile(branchedLines());
    const book = labelsOf(studio);
    await book.open();
    const before = book.at(viewOf(studio).stored, 0);
    expect(before).toHaveLength(2);
    select(studio, { row: 1, side: 'final', step: 1 });
    await book.say(viewOf(studio), { side: 'final', step: 1, labels: ['x'], note: '' });
    for (const save of [saveTrajectories, saveParquet, saveAtif, saveInspect]) {
      const { name, pieces }: PiecedFile = await save(studio);
      const parts = [];
      for await (const piece of pieces) parts.push(piece);
      const blob = new Blob(parts);
      const source = { stream: () => blob.stream(), slice: (from: number, to: number) => blob.slice(from, to) };
      const file = await readRolloutFiles([{ name, size: blob.size, ...source }]);
      const labels = [...toldRows(file)].map((row) => row.labels);
      expect(labels, name).toEqual([before, [{ side: 'final', step: 1, labels: ['x'], note: '' }]]);
      expect([...file.table.remarks.values()]).toEqual(labels);
    }
    let csv = '';
    for await (const piece of (await saveCsv(studio)).pieces) csv += new TextDecoder().decode(piece);
    expect(csv).toContain('worth showing; cut,');
    expect(csv).toContain('step 2 of the draft: useless <search>');
    expect(csv).toContain('step 1: x');
  });

  it('of a file give way to what is said here, even to nothing', async () => {
    const studio = await withFile(branchedLines());
    const book = await bookOf(studio);
    const view = viewOf(studio);
    for (const { side, step } of book.at(view.stored, 0)) {
      await book.say(view, { side, step, labels: [], note: ' ' });
    }
    expect(book.at(view.stored, 0)).toEqual([]);
    expect(shown(studio).said.size).toBe(0);
  });

  it('of a step before the cut belong to both sides', async () => {
    const studio = await withFile(branchedLines());
    const book = await bookOf(studio);
    const view = viewOf(studio);
    await book.say(view, { side: 'final', step: 1, labels: ['shared'], note: '' });
    expect(book.of(view, { side: 'draft', step: 1 }).labels).toEqual(['shared']);
    await book.say(view, { side: 'final', step: 2, labels: ['regrown'], note: '' });
    expect(book.of(view, { side: 'draft', step: 2 }).labels).toEqual([]);
    expect(shown(studio).said.get(0)?.steps).toMatchObject({ 'draft 1': 'shared', 'final 2': 'regrown' });
  });

  it('last as long as the page where the browser keeps nothing, which is said', async () => {
    const studio = await withFile();
    const full = new DOMException('', 'QuotaExceededError');
    let trouble: DOMException | null = full;
    const storage = {
      ...memory(),
      put: () => (trouble === null ? Promise.resolve() : Promise.reject(trouble)),
    };
    const book = await bookOf(studio, storage);
    await book.say(viewOf(studio), good);
    expect(shown(studio).problem).toMatch(/no room left/);
    expect(studio.store.getState().announcement).toMatch(/no room left/);
    expect(book.of(viewOf(studio), WHOLE)).toEqual(good);
    trouble = null;
    await book.say(viewOf(studio), { ...good, note: 'n' });
    expect(shown(studio).problem).toBeNull();
    const blocked = await bookOf(studio, {
      ...storage,
      all: () => Promise.reject(new DOMException('', 'SecurityError')),
    });
    expect(shown(studio).problem).toMatch(/does not let the page keep labels/);
    expect(blocked.canLabel).toBe(true);
    // Another file in between takes nothing away.
    await blocked.say(viewOf(studio), good);
    await open(studio, [rollout('Lima')]);
    await blocked.open();
    expect(shown(studio).said.size).toBe(0);
    await open(studio, [rollout('Rome'), rollout('Oslo'), rollout('Bonn')]);
    await blocked.open();
    expect(shown(studio).said.size).toBe(1);
    const newer = new DOMException('requested version (1) is less than the existing version (7).', 'VersionError');
    expect(labelProblem(newer)).toMatch(/version 7; this page reads version 1/);
  });

  it('are not given to rows of a folder that is still being written', async () => {
    const studio = await withFile();
    if (studio.rollouts.shelf) studio.rollouts.shelf.file.hash = null;
    const storage = memory();
    const book = await bookOf(studio, storage);
    expect(book.canLabel).toBe(false);
    await book.say(viewOf(studio), good);
    expect(storage.kept).toEqual([]);
  });
});
