/** Tables, archives and episodes that other programs made of rollouts (scripts/proofs/write_tables.py), read as a person's files are. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './file/read-file';
import { readRolloutFiles, rolloutAt } from './file/read-file';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const QUESTION = 'Where was the author of X born?';

function source(fixture: string, name = fixture): SourceFile {
  const blob = new Blob([readFileSync(new URL(fixture, FIXTURES))]);
  return { name, size: blob.size, stream: () => blob.stream() };
}

/** All files of a folder that wandb keeps tables in. */
function tables(folder: string): SourceFile[] {
  return readdirSync(new URL(`${folder}/`, FIXTURES))
    .sort()
    .map((name) => source(`${folder}/${name}`));
}

const rows = async (files: readonly SourceFile[]) => {
  const file = await readRolloutFiles(files);
  expect(file).toMatchObject({ skipped: 0, cutOff: null });
  return Array.from(file.table.steps, (_, place) => {
    const { question, golds, step, group, final } = rolloutAt(file, place);
    expect(question).toBe(QUESTION);
    const steps = final.steps.map(({ kind, text, passages }) => [kind, text, ...passages.map((one) => one.text)]);
    return { golds, step, group, answer: final.answer, em: final.em, reward: final.reward, steps };
  });
};

const STEPS = (answer: string) => [
  ['search', 'author of X', 'X is a novel by Ines Varga.'],
  ['search', 'Ines Varga born', 'Ines Varga was born in Rome.'],
  ['answer', answer],
];
const ROME = { answer: 'Rome', reward: 1, steps: STEPS('Rome') };
const OSLO = { answer: 'Oslo', reward: 0, steps: STEPS('Oslo') };

describe('tables of Weights & Biases, each with the rows of those before', () => {
  it('verl: all rollouts of a validation in one row, and each is there once', async () => {
    const found = await rows(tables('wandb/verl/val'));
    expect(found).toMatchObject([
      { step: 10, ...ROME },
      { step: 10, ...OSLO },
      { step: 20, ...ROME },
      { step: 20, ...ROME },
    ]);
  });

  it('OpenRLHF: prompt and completion in one text', async () => {
    const found = await rows(tables('wandb/openrlhf/train'));
    expect(found).toMatchObject([
      { step: 1, ...OSLO },
      { step: 2, ...OSLO },
      { step: 3, ...ROME },
    ]);
  });

  it('whose number in the name is that of what was logged before: no step is taken from it', async () => {
    const [first] = tables('wandb/openrlhf/train');
    const table = readFileSync(
      new URL('wandb/openrlhf/train/generated_samples_0_c88836ca49c132a0c379.table.json', FIXTURES),
    );
    const bare = new Blob([table.toString().replace('global_step', 'nothing')]);
    const name = 'completions_7_c88836ca49c132a0c379.table.json';
    const found = await rows([{ name, size: bare.size, stream: () => bare.stream() }]);
    expect(first?.size).toBe(table.length);
    expect(found).toMatchObject([{ step: null, ...OSLO }]);
  });
});

describe('what others make of rollouts', () => {
  it('Agent Lightning: the turns before the last one stand in its prompt', async () => {
    const found = await rows([source('agent_lightning.jsonl.zip', 'step_4/train_trajectories.jsonl.zip')]);
    expect(found).toMatchObject([
      { step: 4, group: QUESTION, ...ROME },
      { step: 4, group: QUESTION, ...OSLO },
    ]);
  });

  it('MLflow: a table that was logged at two steps', async () => {
    const found = await rows([source('mlflow.json')]);
    const golds = ['Rome'];
    expect(found).toMatchObject([1, 1, 2, 2].map((step, k) => ({ step, golds, ...(k % 2 === 0 ? ROME : OSLO) })));
  });

  it('rLLM: episodes of a training and of an evaluation', async () => {
    const of = { golds: ['Rome'] };
    const trained = await rows([source('rllm.json')]);
    expect(trained).toMatchObject([
      { step: 12, ...of, ...ROME },
      { step: 12, ...of, ...OSLO },
    ]);
    expect(new Set(trained.map(({ group }) => group)).size).toBe(1);
    expect(await rows([source('rllm_eval.json')])).toMatchObject([{ step: null, group: 'q1', ...of, ...ROME }]);
  });

  it('FlashRAG: what was retrieved for the question, once and again, and what a model asked for in its prompt', async () => {
    const [once, again, reasoned] = await rows([source('flashrag.json')]);
    const [first, second] = ['X is a novel by Ines Varga.', 'Ines Varga was born in Rome.'];
    expect(once).toMatchObject({
      em: 1,
      steps: [
        ['search', QUESTION, first, second],
        ['answer', 'Rome'],
      ],
    });
    expect(again).toMatchObject({
      steps: [
        ['search', QUESTION, first],
        ['search', `${QUESTION} Ines Varga`, second],
        ['answer', 'Rome'],
      ],
    });
    expect(reasoned).toMatchObject({ golds: ['Rome'], em: 1, answer: 'Rome' });
    expect(reasoned?.steps.map((step) => step.slice(0, 2))).toEqual(STEPS('Rome').map((step) => step.slice(0, 2)));
    expect(reasoned?.steps[0]?.[2]).toContain(first);
  });
});
