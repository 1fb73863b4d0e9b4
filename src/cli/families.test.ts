import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/schema';
import { MAX_GRAPH_TEXT } from '../config/triple-limits';
import { WorldPool } from '../env/pool';
import type { WorldFamily } from '../env/world';
import { fnv1a64Hex } from '../lib/hash';
import { openFamily as openInPage } from '../trainer/state/open-family';
import { readTriplesFile } from '../trainer/run/read-triples';
import { openFamily, worldText } from '../node/families';

const TEXT = [
  '# people',
  'subject,relation,object',
  'Anna,city,"Rome, old"',
  'Bert,city,Oslo',
  'Cleo,city,"Rome, old"',
  '"Rome, old",country,Italy',
  'Oslo,country,Norway',
  'Italy,anthem,Il Canto',
  'Norway,anthem,"Ja, vi elsker"',
].join('\r\n');

/** Everything that a run makes of a family: its dictionary, and the facts, passages and questions of its worlds. */
function hashOf(family: WorldFamily): string {
  const pool = new WorldPool(family, { poolSize: 2, worldSeed: 7, noise: 0.2, redrawEvery: 0 });
  const worlds = [pool.member(0), pool.member(1), pool.heldOut(0), pool.real()];
  const content = worlds.map((world) => world && [world.facts, world.passages, world.chains]);
  return fnv1a64Hex(new TextEncoder().encode(JSON.stringify([family.schema, content])));
}

describe('a world of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutpoint-families-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same from the page as from the command line', async () => {
    // With a byte order mark: the command line reads it, a page's file loses it.
    const path = join(folder, 'friends.csv');
    writeFileSync(path, `\ufeff${TEXT}`);
    const file = await new File([`\ufeff${TEXT}`], 'friends.csv').text();
    const page = await openInPage(defaultConfig.world, { name: 'friends', text: file }, () => Promise.resolve(null));
    const commandLine = openFamily(defaultConfig, { path, columns: null, part: null });
    expect(hashOf(page)).toBe(hashOf(commandLine));
    const other = await openInPage('microwiki', { name: 'friends', text: `${file}\r\nDora,city,Oslo` }, () =>
      Promise.resolve(null),
    );
    expect(hashOf(other)).not.toBe(hashOf(commandLine));
  });

  it('is refused where its file is far too large, before that is read', () => {
    const path = join(folder, 'far.tsv');
    writeFileSync(path, 'a\tb\tc\n');
    // A hole: it takes no room on the disk.
    truncateSync(path, 3 * MAX_GRAPH_TEXT + 1);
    expect(() => openFamily(defaultConfig, { path, columns: null, part: 1 })).toThrow(
      'far.tsv" is too large for a world.',
    );
  });

  it('is made of the columns that are named, and of a part where the whole is too large', () => {
    const path = join(folder, 'odd.tsv');
    writeFileSync(path, 'Oslo\tAnna\tcity\nRome\tBert\tcity\nNorway\tOslo\tcountry\nItaly\tRome\tcountry');
    const family = openFamily(defaultConfig, { path, columns: [2, 3, 1], part: null });
    expect(family.schema.relations.map(({ name }) => name).slice(0, 2)).toEqual(['city', 'country']);
    const large = join(folder, 'large.tsv');
    const line = (_: unknown, i: number) => `e${i}\tr\te${Math.floor(i / 2)}`;
    writeFileSync(large, Array.from({ length: 3000 }, line).join('\n'));
    expect(() => openFamily(defaultConfig, { path: large, columns: null, part: null })).toThrow(
      'too large for a world',
    );
    const part = openFamily(defaultConfig, { path: large, columns: null, part: 3 });
    expect(part.schema).toMatchObject({ id: 'large part 3' });
    // The text that a run keeps is the part itself, and makes the same world.
    const kept = join(folder, 'kept.tsv');
    writeFileSync(kept, worldText({ path: large, columns: null, part: 3 }));
    expect(hashOf(openFamily(defaultConfig, { path: kept, columns: null, part: null }, 'large part 3'))).toBe(
      hashOf(part),
    );
  });

  it('is previewed with counts and ten questions at most, of every length', () => {
    const { world, problemCount } = readTriplesFile({ name: 'friends', text: TEXT });
    expect(problemCount).toBe(0);
    expect(world).toMatchObject({
      facts: 7,
      entities: 9,
      relations: ['city', 'country', 'anthem'],
      inverses: ['inverse country', 'inverse anthem'],
      types: 4,
      phrases: [
        { relation: 'city', phrase: 'the city of', question: 'What is the city of Anna?', isDoubtful: false },
        { relation: 'country', phrase: 'the country of', isDoubtful: false },
        { relation: 'anthem', phrase: 'the anthem of', isDoubtful: false },
      ],
    });
    const read = readTriplesFile({ name: 'friends', text: `# phrase: city = lives in\n${TEXT}` }).world;
    expect(read?.phrases[0]).toMatchObject({ phrase: 'lives in', question: 'Where does Anna live?' });
    expect(read?.hash).toBe(world?.hash);
    expect(world?.examples.map(({ hops }) => hops)).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(world?.examples).toHaveLength(10);
    expect(world?.examples).toContainEqual({
      hops: 3,
      question: 'What is the anthem of the country of the city of Anna?',
      answer: 'Il Canto',
    });
    // The hash is of the facts: how the file is written does not count.
    const tabs =
      '# other\nAnna\tcity\tRome, old\nBert\tcity\tOslo\n\nCleo\tcity\tRome, old\nRome, old\tcountry\tItaly\n';
    const rest = 'Oslo\tcountry\tNorway\nItaly\tanthem\tIl Canto\nNorway\tanthem\tJa, vi elsker';
    expect(readTriplesFile({ name: 'x', text: tabs + rest }).world?.hash).toBe(world?.hash);
  });

  it('says what is wrong with every line up to a bound, or with the whole', () => {
    const bad = Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? 'a\tb\tc' : `a${i}\tb`)).join('\n');
    const { problems, problemCount, world } = readTriplesFile({ name: 'bad', text: bad });
    expect(world).toBeNull();
    expect(problemCount).toBe(100);
    expect(problems[0]).toEqual({ line: 2, message: '2 columns instead of 3.' });
    expect(readTriplesFile({ name: 'bad', text: `${bad}\nz` })).toMatchObject({ problemCount: 101 });
    expect(readTriplesFile({ name: 'bad', text: `${bad}\nz` }).problems).toHaveLength(100);
    const many = Array.from({ length: 513 }, (_, i) => `a\tr${i}\tb`).join('\n');
    expect(readTriplesFile({ name: 'x', text: many })).toMatchObject({
      ...{ world: null, problems: [], tooLarge: { facts: 513, entities: 2, relations: 513 } },
    });
    const part = readTriplesFile({ name: 'x', text: many }, 3);
    expect(part.tooLarge).toBeUndefined();
    expect(part).toMatchObject({ part: { name: 'x part 3' } });
    expect(part.part?.text.split('\n')).toHaveLength(512 + 3);
    expect(readTriplesFile({ name: 'x', text: '# nothing' }).problems[0]).toMatchObject({ line: 0 });
  });

  it('reads any text without throwing', () => {
    const pieces = [
      'a',
      '\t',
      ',',
      '"',
      '\n',
      '\r',
      '#',
      ' ',
      '\u0000',
      '\ufffd',
      'subject',
      '💥',
      '{x}',
      '$&',
      'b\tc\td\n',
    ];
    let state = 7;
    for (let i = 0; i < 10_000; i += 1) {
      let text = '';
      for (let k = 0; k < i % 40; k += 1) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        text += pieces[(state >>> 8) % pieces.length] ?? '';
      }
      const { problemCount, world } = readTriplesFile({ name: 'any', text });
      expect(problemCount === 0).toBe(world !== null);
    }
  });
});
