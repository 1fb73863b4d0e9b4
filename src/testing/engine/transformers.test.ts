/** Our engine and LlamaForCausalLM of the transformers library agree on a trained checkpoint: scripts/proofs/README.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openFamily } from '../../node/families';
import { configForPreset } from '../../config/schema';
import { wordLevelTokenizer } from '../../formats/hugging-face';
import { BatchUploader } from '../../models/batch';
import { Transformer } from '../../models/transformer';
import { runTable } from '../../rl/learning/run-table';
import { decodeBase } from '../../trainer/state/checkpoint';
import { useBench } from '../kernels/kernel-harness';
import { columnsOf } from '../../selftest/bench/layout';

interface Row {
  text: string;
  ids: number[];
  positions: number[];
  /** (positions, V) */
  logits: number[][];
}

function readRows(fixture: unknown): Row[] {
  const isRow = (row: unknown): row is Row =>
    typeof row === 'object' && row !== null && 'logits' in row && 'ids' in row;
  const rows: unknown = typeof fixture === 'object' && fixture !== null && 'rows' in fixture ? fixture.rows : [];
  if (Array.isArray(rows) && rows.length > 0 && rows.every(isRow)) return rows;
  throw new Error('logits.json holds no rows');
}

const FOLDER = 'src/testing/transformers';
const family = openFamily(configForPreset('search-r2', { world: 'atlas' }), undefined);
const { vocabulary } = family.schema;
const rows = readRows(JSON.parse(readFileSync(`${FOLDER}/logits.json`, 'utf8')));
const table = runTable('tiny', vocabulary.size);
const params = decodeBase({ table, family }, readFileSync(`${FOLDER}/atlas-tiny.safetensors`), 'the checkpoint');

describe('a trained checkpoint of the atlas in transformers', () => {
  const bench = useBench();

  it('has other weights than the base that it began from', () => {
    const path = 'public/checkpoints/atlas-tiny.safetensors';
    const base = decodeBase({ table, family }, readFileSync(path), path);
    expect(params.filter((x, i) => x !== base[i]).length).toBeGreaterThan(table.count / 2);
  });

  it('gives the logits of LlamaForCausalLM within 1e-4', async () => {
    const lengths = rows.map(({ ids }) => ids.length);
    const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
    const selected = rows.flatMap(({ positions }, i) => positions.map((at) => starts[i]! + at));
    const wanted = rows.flatMap(({ logits }) => logits.flat());
    expect(wanted).toHaveLength(selected.length * vocabulary.size);
    const got = await bench().run(async (scope) => {
      const tokens = Uint32Array.from(rows.flatMap(({ ids }) => ids));
      const model = new Transformer(scope.recorder, scope.owner, table, tokens.length, Math.max(...lengths));
      const uploader = new BatchUploader(scope.recorder.gpu.device, scope.owner, vocabulary.size, tokens.length);
      const batch = uploader.upload({ tokens, lengths, selected: Uint32Array.from(selected) });
      model.forward(scope.floats('parameters', params).slice, batch);
      const length = selected.length * model.logitStride;
      const logits = await scope.readFloats({ label: 'logits', slice: model.logits, length });
      return columnsOf(logits, selected.length, model.logitStride, vocabulary.size);
    });
    const apart = Math.max(...wanted.map((x, i) => Math.abs(x - got[i]!)));
    expect(apart).toBeLessThan(1e-4);
    // Logits that hardly differ from each other would prove nothing.
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(5);
  });

  it('is encoded by tokenizer.json as we do: names with spaces stay whole', () => {
    const { pre_tokenizer: split, model } = wordLevelTokenizer(vocabulary);
    const encode = (text: string) =>
      (text.match(new RegExp(split.pattern.Regex, 'gu')) ?? []).map((w) => model.vocab[w]);
    for (const { text, ids } of rows) {
      expect(encode(text)).toEqual(ids);
      expect(text).toBe(ids.map((id) => vocabulary.strings[id]).join(' '));
    }
    const all = vocabulary.strings.map((_, id) => id);
    expect(vocabulary.strings.filter((word) => word.includes(' ')).length).toBeGreaterThan(10);
    expect(encode(vocabulary.strings.join('\n '))).toEqual(all);
  });
});
