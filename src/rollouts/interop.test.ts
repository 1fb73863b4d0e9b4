/** What is written as ATIF and as a log of Inspect is read again as it was; scripts/proofs/read_exports.py has Inspect and Harbor read it. */
import { readdirSync, readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { branchedLines } from '../testing/page/branched-lines';
import { lineAt, readRolloutFiles } from './file/read-file';
import { readLine } from './reading/read-line';
import { isArray, isObject, parsed } from './text/json';
import { toldRows } from './told-rows';
import { atifLine } from './write-atif';
import { inspectLog } from './write-inspect';

interface Source {
  name: string;
  lines: string[];
}

async function fileOf(name: string, parts: readonly (string | Uint8Array<ArrayBuffer>)[]) {
  const blob = new Blob([...parts]);
  return readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream(), slice: (a, b) => blob.slice(a, b) }]);
}

async function linesIn(folder: string): Promise<Source[]> {
  const at = new URL(`./${folder}/`, import.meta.url);
  const names = readdirSync(at).filter(
    (name) => /\.(jsonl|json|eval|parquet)$/.test(name) && !/expect|versions|summaries/.test(name),
  );
  return Promise.all(
    names.map(async (name) => {
      const file = await fileOf(name, [new Uint8Array(readFileSync(new URL(name, at)))]);
      return { name, lines: Array.from(file.table.offsets.keys(), (row) => lineAt(file, row)) };
    }),
  );
}

const SOURCES: Source[] = [
  ...(await linesIn('cases')),
  ...(await linesIn('fixtures')),
  { name: 'own', lines: branchedLines() },
];

/** Without what the container alone says. */
async function told(name: string, parts: readonly (string | Uint8Array<ArrayBuffer>)[]) {
  const file = await fileOf(name, parts);
  expect(file.skips).toEqual([]);
  expect(file.cutOff).toBeNull();
  return [...toldRows(file)].map((row) => ({ ...row, file: '', line: 0 }));
}

function atif(lines: readonly string[]): string {
  return lines.map((line, k) => `${atifLine(line, readLine(line), { name: 'set', number: k + 1 })}\n`).join('');
}

async function inspect(lines: readonly string[]): Promise<Uint8Array<ArrayBuffer>[]> {
  const rows = lines.map((line) => ({ line, rollout: readLine(line) }));
  const pieces = [];
  for await (const piece of inspectLog('set', rows, Date.UTC(2026, 0, 1))) pieces.push(piece);
  return pieces;
}

describe('trajectories of other formats', () => {
  it.each(SOURCES)('of $name come back from ATIF and from Inspect with equal rows', async ({ name, lines }) => {
    const before = await told(name, [lines.join('\n')]);
    expect(before.length).toBeGreaterThan(0);
    expect(await told('set.atif.jsonl', [atif(lines)])).toEqual(before);
    expect(await told('set.eval', await inspect(lines))).toEqual(before);
  });
});

function samplesOf(pieces: readonly Uint8Array[]): unknown[] {
  const members = unzipSync(new Uint8Array(pieces.flatMap((piece) => [...piece])));
  return Object.entries(members)
    .filter(([name]) => name.startsWith('samples/'))
    .map(([, bytes]) => parsed(new TextDecoder().decode(bytes)));
}

function list(value: unknown, key: string): readonly unknown[] {
  const inner = isObject(value) ? value[key] : undefined;
  return isArray(inner) ? inner : [];
}

describe('a log of Inspect', () => {
  it('has what was cut as branches that leave the draft where it was cut', async () => {
    const [line = ''] = branchedLines();
    const [sample] = samplesOf(await inspect([line]));
    const events = list(sample, 'events').filter(isObject);
    const spans = events.filter(({ event, type }) => event === 'span_begin' && type === 'branch');
    expect(spans.map(({ name }) => name)).toEqual([
      'refiner cut at step 2',
      'hand cut 1 at step 1',
      'hand cut 2 at step 2',
    ]);
    expect(spans.map(({ parent_id: parent }) => parent)).toEqual(['agent', 'agent', 'agent']);
    const from = events.filter(({ event }) => event === 'branch').map(({ from_anchor: anchor }) => anchor);
    expect(from).toEqual(['draft-found-1', 'prompt-1', 'branch-1-found-1']);
    const anchors = events.filter(({ event }) => event === 'anchor').map(({ anchor_id: id }) => id);
    expect([...anchors].sort()).toEqual([...from].sort());
    // The second cut is one of the first, which only the tree can tell.
    const [timeline] = list(sample, 'timelines');
    const root = isObject(timeline) ? timeline['root'] : null;
    const [, hand] = list(root, 'branches');
    expect(list(hand, 'branches')).toMatchObject([{ name: 'hand cut 2 at step 2', branched_from: 'branch-1-found-1' }]);
  });

  it('is read as it is now where it was changed elsewhere', async () => {
    const [line = ''] = branchedLines();
    const [sample] = samplesOf(await inspect([line]));
    const changed = JSON.stringify(sample).replaceAll('Mara', 'Nora');
    const [row] = await told('sample.json', [changed]);
    expect(row).toMatchObject({ answer: 'Nora', draft: null, step: 3, reward: 1.5, rewardGiven: true });
  });
});

describe('ATIF', () => {
  it('is read as it is now where it was changed elsewhere', async () => {
    const [line = ''] = branchedLines();
    const [row] = await told('t.json', [atif([line]).replaceAll('Mara', 'Nora')]);
    expect(row).toMatchObject({
      answer: 'Nora',
      draft: null,
      step: 3,
      reward: 1.5,
      golds: ['Mara'.replace('Mara', 'Nora')],
    });
  });
});
