import { describe, expect, it } from 'vitest';
import { MAX_GRAPH_TEXT } from '../../../config/triple-limits';
import type { SniffedFile } from '../../state/file-types';
import { looksLikeTriples } from './looks-like-triples';
import { openTriplesFile } from './open-triples';
import { editOwnWorld } from '../world/own-world';
import { idleStudio } from '../../../testing/page/open-studio';

const sniffed = (text: string | null, name = 'facts.tsv', size?: number): SniffedFile => {
  const file = new File([text ?? ''], name);
  if (size !== undefined) Object.defineProperty(file, 'size', { value: size });
  return { file, head: new Uint8Array(0), text };
};

describe('a file of facts', () => {
  it.each<[text: string | null, is: boolean]>([
    ['a\tb\tc', true],
    ['a\tb', false],
    ['a\tb\tc\td', true],
    ['a;b;c', true],
    ['a | b | c', true],
    ['<http://a> <http://b> "c" .', true],
    ['<http://a> <http://b>', false],
    ['a,b,c', true],
    ['a,b', false],
    ['a,b,c,d', true],
    ['a,b\tc,d', false],
    ['# facts\n\n  # more\r\na,b,c', true],
    ['# facts', false],
    ['\r\r a,b,c', true],
    ['', false],
    [null, false],
    ['{"a":1,"b":2,"c":3}', false],
    ['  [1,2,3]', false],
    ['[["Oslo", "capital of", "Norway"]]', true],
    ['{"head": "Oslo", "relation": "in", "tail": "Norway"}', true],
    ['{"subject": "a", "relation": "b", "object": "c", "prompt": "d"}', false],
    ['```\n(Oslo, in, Norway)\n```', true],
    ['Oslo -> in -> Norway', true],
    ['Oslo in Norway\nBergen in Norway', true],
    ['row,step,question,gold_answers,answer', false],
    ['Dear reader, nothing here.', false],
    [`${'\n'.repeat(49)}a,b,c`, true],
    [`${'\n'.repeat(50)}a,b,c`, false],
  ])('%j: %s', (text, is) => {
    expect(looksLikeTriples(sniffed(text))).toBe(is);
  });

  it('fills the dialog, named as the file is', async () => {
    const { studio, state, trainer } = idleStudio();
    await openTriplesFile(studio, [
      sniffed(null, 'x.bin'),
      sniffed('a,b,c', 'my.facts.csv'),
      sniffed('d,e,f', 'other.csv'),
    ]);
    expect(state().ownWorldDialog?.file).toEqual({ name: 'my.facts', text: 'a,b,c' });
    expect(state().announcement).toBe('Opened “my.facts.csv”');
    expect(trainer.commands.at(-1)).toMatchObject({
      type: 'readTriples',
      triples: { name: 'my.facts', text: 'a,b,c' },
    });
    const other = idleStudio();
    await openTriplesFile(other.studio, [sniffed('prose', 'x.txt')]);
    expect(other.state().ownWorldDialog).toBeNull();
  });

  it('is refused where it is far too large', async () => {
    const { studio, state } = idleStudio();
    const most = 3 * MAX_GRAPH_TEXT;
    await expect(openTriplesFile(studio, [sniffed('a,b,c', 'f.csv', most + 1)])).rejects.toMatchObject({
      ...{ message: '“f.csv” is too large for a world.', hint: `At most ${MAX_GRAPH_TEXT} characters are read.` },
    });
    expect(state().ownWorldDialog).toBeNull();
    await openTriplesFile(studio, [sniffed('a,b,c', 'f.csv', most)]);
    expect(state().ownWorldDialog).not.toBeNull();
  });

  it('is known and read in other encodings, which is told', async () => {
    const text = 'Köln\tFluss\tRhein\nZürich\tFluss\tLimmat\n';
    for (const [bytes, encoding] of [
      [Buffer.from(text, 'latin1'), 'Windows-1252, found by trial'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'UTF-16LE'],
    ] as const) {
      const { studio, state } = idleStudio();
      await openTriplesFile(studio, [
        { file: new File([new Uint8Array(bytes)], 'rivers.txt'), head: bytes, text: null },
      ]);
      expect(state().ownWorldDialog).toMatchObject({ file: { name: 'rivers', text }, encoding });
      editOwnWorld(studio, { name: 'other' });
      expect(state().ownWorldDialog?.encoding).toBe(encoding);
      editOwnWorld(studio, { text: 'a,b,c' });
      expect(state().ownWorldDialog?.encoding).toBeNull();
    }
    const binary = { file: new File([], 'x'), head: Uint8Array.of(0x61, 0x2c, 0, 0xff, 0x2c), text: null };
    expect(looksLikeTriples(binary)).toBe(false);
  });
});
