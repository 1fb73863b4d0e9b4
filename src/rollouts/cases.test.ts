/** Small files of the kinds that people have, each beside its right reading (cases/README.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isArray, isObject, parsed } from './text/json';
import type { JsonObject } from './text/json';
import { readRolloutFiles } from './file/read-file';
import { toldRows } from './told-rows';

const FOLDER = new URL('./cases/', import.meta.url);
const ENDING = '.expect.json';
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith(ENDING) ? [file.slice(0, -ENDING.length)] : []));

function expectedRows(name: string): unknown[] {
  const expected = parsed(readFileSync(new URL(`${name}${ENDING}`, FOLDER), 'utf8'));
  const rows = isObject(expected) ? expected['rows'] : undefined;
  if (!isArray(rows)) throw new Error(`${name} expects no rows`);
  let question: unknown;
  return rows.filter(isObject).map((row) => {
    if (row['question'] !== 'same') question = row['question'];
    const { golds, answer, em, reward, step } = row;
    const told = { ...('reward' in row ? { reward } : {}), ...('step' in row ? { step } : {}) };
    const steps = isArray(row['steps']) ? row['steps'].filter(isObject) : [];
    return { question, golds, answer, em, ...told, steps: steps.map(toldOf) };
  });
}

/** A passage's words are no part of what is told. */
function toldOf(step: JsonObject): object {
  return Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'text'));
}

async function readRows(name: string): Promise<unknown[]> {
  const bytes = readFileSync(new URL(name, FOLDER));
  return [
    ...toldRows(await readRolloutFiles([{ name, size: bytes.length, stream: () => new Blob([bytes]).stream() }])),
  ];
}

describe('files as people have them', () => {
  it.each(NAMES)('%s', async (name) => {
    expect(await readRows(name)).toMatchObject(expectedRows(name));
  });
});
