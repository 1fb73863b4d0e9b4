import { describe, expect, it, vi } from 'vitest';
import { configForPreset, type RunConfig } from '../../../config/schema';
import { fromFolder, MODEL_FILE } from '../../../formats/checkpoint-folder';
import { dictionaryHash } from '../../../formats/checkpoint-header';
import { unzipFolder } from '../../../formats/checkpoint-zip';
import { decodeSafetensors, encodeSafetensors } from '../../../formats/safetensors';
import { FakeTrainer, type FakeTrainerOptions } from '../../../testing/page/fake-trainer';
import { makeFakeWorld } from '../../../testing/page/fake-world';
import { createTrainerClient } from '../../../trainer/client';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import type { TriplesReading } from '../../../trainer/protocol/protocol';
import { PLAY, STEP, applyDraft, editInitial, editSetting, startRun } from '../../run/actions';
import { openFiles } from './open-file';
import { saveCheckpoint } from '../save/save-checkpoint';
import { showRecording } from '../../run/show-recording';
import { createStudio } from '../../studio-store';

vi.mock('../../../lib/module-worker', async () => ({
  startModuleWorker: (await import('../../../testing/page/unpacks-here')).startUnpacker,
}));

const { tokenStrings } = makeFakeWorld().description;
const config = configForPreset('search-r1', { size: 'tiny', prompts: 5, worldSeed: 7 });

function checkpoint(settings: RunConfig = config, world = 'microwiki', padding = ''): Uint8Array<ArrayBuffer> {
  const weights = { name: 'model.embed_tokens.weight', shape: [tokenStrings.length, 32] };
  const moments = { name: 'optimizer.m', shape: [1], data: new Float32Array(1) };
  return encodeSafetensors([{ ...weights, data: new Float32Array(tokenStrings.length * 32).fill(0.5) }, moments], {
    format: 'cutpoint-checkpoint/1',
    world,
    dictionary: dictionaryHash(tokenStrings),
    config: JSON.stringify(settings),
    update: '340',
    optimizerStep: '340',
    padding,
  });
}

function open(options: FakeTrainerOptions = {}, status: 'ok' | 'checking' = 'ok') {
  const trainer = new FakeTrainer({ checkpoint: checkpoint().buffer, ...options });
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  if (status === 'ok') studio.store.setState({ support: { status, software: false } });
  const starts = () => trainer.commands.filter((command) => command.type === 'start');
  return { trainer, studio, starts, state: () => studio.store.getState() };
}

const saved = async (studio: Parameters<typeof saveCheckpoint>[0]) => {
  const { name, blob } = await saveCheckpoint(studio);
  return { name, bytes: new Uint8Array(await blob.arrayBuffer()) };
};

describe('a checkpoint on the page', () => {
  it('is saved as a zip that holds exactly the state of the run', async () => {
    const { studio } = open();
    const { name, bytes } = await saved(studio);
    expect(name).toBe('cutpoint-microwiki-small-update-0.zip');
    const files = unzipFolder(bytes, 'z');
    expect([...files.keys()]).toContain('tokenizer.json');
    const read = decodeSafetensors(fromFolder(files, 'z'), 'z');
    expect(read).toEqual(decodeSafetensors(checkpoint(), 'c'));
  });

  it('goes on where it stood, from its zip, its files or one file', async () => {
    const { studio, starts, state } = open();
    const { bytes } = await saved(studio);
    const parts = [...unzipFolder(bytes, 'z')].map(([name, content]) => new File([content], name));
    const renamed = parts.map((file) => new File([file], file.name.replace('.safetensors', ' (1).safetensors')));
    const ways = [[new File([bytes], 'run.zip')], parts, renamed, [new File([checkpoint()], 'mine')]];
    for (const files of ways) {
      await openFiles(studio, files);
      expect(state().problems).toEqual([]);
      expect(starts().at(-1)).toMatchObject({ config, initial: { kind: 'checkpoint' } });
      expect(state()).toMatchObject({ config, initial: 'opened', firstUpdate: 340 });
    }
    expect(starts()).toHaveLength(5);
    expect(state().marks[0]).toEqual({ kind: 'start', update: 340 });
  });

  it.each([
    ['P', 0xff, 0x50],
    ['PK', 0xffff, 0x4b50],
  ])(
    'is weights also where the length of its header is written as %s, the letters of a zip archive',
    async (_, mask, letters) => {
      const lengthOf = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(0, true);
      const missing = ((letters - lengthOf(checkpoint())) & mask) >>> 0;
      const bytes = checkpoint(config, 'microwiki', 'x'.repeat(missing));
      expect(lengthOf(bytes) & mask).toBe(letters);
      const { studio, starts, state } = open();
      await openFiles(studio, [new File([bytes], 'mine.safetensors')]);
      expect(state().problems).toEqual([]);
      expect(starts().at(-1)).toMatchObject({ initial: { kind: 'checkpoint' } });
    },
  );

  it('gives its weights to a run of the settings on the page where it holds nothing else', async () => {
    const { studio, starts, state } = open();
    const files = unzipFolder((await saved(studio)).bytes, 'z');
    await openFiles(studio, [new File([files.get(MODEL_FILE)!], MODEL_FILE)]);
    const expected = { ...configForPreset('search-r2'), size: 'tiny' };
    expect(starts().at(-1)).toMatchObject({ config: expected, initial: { kind: 'base' } });
    expect(state().firstUpdate).toBe(0);
    STEP.perform(studio);
    expect(state().update).toBe(1);
    // A new run of that size begins there too; one of another size cannot.
    editSetting(studio, 'worldSeed', 5);
    applyDraft(studio);
    expect(starts().at(-1)).toMatchObject({ config: { worldSeed: 5 }, initial: { kind: 'base' } });
    editSetting(studio, 'size', 'base');
    editInitial(studio, 'opened');
    applyDraft(studio);
    expect(starts().at(-1)).toMatchObject({ initial: { kind: 'shipped' } });
  });

  it('of a world of one’s own brings its facts along, or takes those of the run that is there', async () => {
    const { trainer, studio, starts, state } = open();
    const facts = { name: 'mine', text: '# facts\na,b,c' };
    const file = new File([checkpoint(config, 'mine')], 'mine.safetensors');
    const openWith = async (files: File[], reading: Partial<TriplesReading>) => {
      const before = trainer.commands.length;
      const opening = openFiles(studio, files);
      const asked = await vi.waitFor(() => {
        const command = trainer.commands.slice(before).find(({ type }) => type === 'readTriples');
        if (command?.type !== 'readTriples') throw new Error('the engine is not asked yet');
        return command;
      });
      expect(asked.triples).toEqual(facts);
      const whole = { problems: [], problemCount: 0, world: null, ...reading };
      trainer.emit({ type: 'triplesRead', id: asked.id, reading: whole });
      await opening;
    };
    const table = new File([facts.text], 'whatever.csv');
    await openWith([file, table], { problems: [{ line: 7, message: 'a column is empty.' }], problemCount: 1 });
    expect(state().problems[0]?.message).toMatch(/facts beside .*line 7: a column is empty/);
    expect(starts()).toHaveLength(1);

    const counts = { facts: 1, entities: 2, relations: ['b'], inverses: [], phrases: [], types: 2, examples: [] };
    const world = { ...counts, questions: [1, 0, 0] as const, hash: '0123456789abcdef' };
    await openWith([table, file], { world });
    expect(starts().at(-1)).toMatchObject({ config, initial: { kind: 'checkpoint' }, triples: facts });
    expect(state().ownWorld).toEqual({ ...facts, hash: world.hash });
    const { bytes } = await saved(studio);
    expect(new TextDecoder().decode(unzipFolder(bytes, 'z').get('world.tsv'))).toBe(facts.text);

    await openFiles(studio, [file]);
    expect(starts().at(-1)?.triples).toEqual(facts);
    expect(trainer.commands.filter(({ type }) => type === 'vet').at(-1)).toMatchObject({ triples: facts });
    // Opened weights are those of these facts: another run on them may begin there, one on a built-in world may not.
    startRun(studio, config, 'opened');
    expect(starts().at(-1)).toMatchObject({ initial: { kind: 'checkpoint' }, triples: facts });
    startRun(studio, config, 'opened', null);
    expect(starts().at(-1)).toMatchObject({ initial: { kind: 'shipped' }, triples: null });
  });

  it('in a recording of a world of one’s own goes on on its facts', () => {
    const { studio, starts, state } = open();
    const ownWorld = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
    const recording = { ...makeFakeRecording(3), ownWorld };
    showRecording(studio, { recording, source: 'file', title: 'mine.capsule' });
    expect(state().ownWorld).toBeNull();
    PLAY.perform(studio);
    expect(starts().at(-1)).toMatchObject({
      initial: { kind: 'checkpoint' },
      triples: { name: 'mine', text: 'a,b,c' },
    });
    expect(state()).toMatchObject({ ownWorld, firstUpdate: 3 });
  });

  const zipOf = async (change: (bytes: Uint8Array) => Uint8Array) => change((await saved(open().studio)).bytes).slice();
  it.each([
    ['cut off', {}, 'ok', () => zipOf((bytes) => bytes.subarray(0, 3000)), 'broken zip archive'],
    ['cut off in one file', {}, 'ok', () => Promise.resolve(checkpoint().slice(0, -8)), 'not a usable checkpoint'],
    ['of a world that is not here', {}, 'ok', () => Promise.resolve(checkpoint(config, 'mine')), 'the world "mine"'],
    [
      'of another dictionary',
      { vetted: { message: 'trained with another dictionary', hint: 'use that world' } },
      'ok',
      () => Promise.resolve(checkpoint()),
      'another dictionary',
    ],
    ['where there is no WebGPU', {}, 'checking', () => Promise.resolve(checkpoint()), 'needs WebGPU'],
  ] as const)('%s is refused, and the run goes on', async (_, options, status, bytes, message) => {
    const { trainer, studio, starts, state } = open(options, status);
    STEP.perform(studio);
    const before = state();
    await openFiles(studio, [new File([await bytes()], 'mine')]);
    expect(state().problems[0]?.message).toContain(message);
    expect(state()).toMatchObject({ runId: before.runId, update: 1, config: before.config, initial: 'shipped' });
    expect(starts()).toHaveLength(1);
    STEP.perform(studio);
    expect(state().update).toBe(2);
    expect(trainer.commands.some(({ type }) => type === 'reset')).toBe(false);
  });
});

describe('opening, step by step', () => {
  it('says what was opened, by the name of the one file or as a checkpoint of several', async () => {
    const { studio, state } = open();
    await openFiles(studio, [new File([checkpoint()], 'mine.bin')]);
    expect(state().announcement).toBe('“mine.bin” opened: update 340');
    expect(studio.opened).toMatchObject({ kind: 'checkpoint', name: '“mine.bin”', update: 340, ownWorld: null });
    const files = unzipFolder((await saved(studio)).bytes, 'z');
    await openFiles(
      studio,
      [...files].map(([name, content]) => new File([content], name)),
    );
    expect(state().announcement).toBe('The checkpoint opened: update 340');
    await openFiles(studio, [new File([files.get(MODEL_FILE)!], MODEL_FILE)]);
    expect(state().announcement).toBe(`“${MODEL_FILE}” opened: a run begins from its weights`);
    expect(studio.opened).toMatchObject({ kind: 'base', update: 0 });
  });

  it('asks whether weights fit with all that the run would be made of', async () => {
    const { studio, trainer } = open();
    await openFiles(studio, [new File([checkpoint()], 'mine')]);
    expect(trainer.commands.findLast(({ type }) => type === 'vet')).toMatchObject({
      ...{ config, baseUrl: 'http://localhost/', triples: null },
      initial: { kind: 'checkpoint', name: '“mine”' },
    });
  });

  it('takes the facts of the run on the page for a world of the same name alone', async () => {
    const { studio, starts, state } = open();
    const ownWorld = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
    startRun(studio, config, 'shipped', ownWorld);
    await openFiles(studio, [new File([checkpoint(config, 'theirs')], 'x')]);
    expect(state().problems[0]).toMatchObject({
      ...{ message: '“x” was trained on the world "theirs", which this page does not have.' },
      hint: 'Open it together with the file of its facts (.tsv or .csv), or begin a run on them first.',
    });
    expect(starts()).toHaveLength(2);
    await openFiles(studio, [new File([checkpoint(config, 'mine')], 'x')]);
    expect(state().ownWorld).toBe(ownWorld);
    // A world of the page is not somebody's own, whatever the run was on.
    await openFiles(studio, [new File([checkpoint(config, 'microwiki')], 'x')]);
    expect(state()).toMatchObject({ ownWorld: null, config: { world: 'microwiki' } });
  });

  it('refuses facts that are no world, with the line where one is at fault', async () => {
    const told = async (reading: Partial<TriplesReading>) => {
      const { studio, trainer, state } = open();
      const opening = openFiles(studio, [new File([checkpoint(config, 'mine')], 'x'), new File(['a,b,c'], 'f.csv')]);
      const command = await vi.waitFor(() => {
        const found = trainer.commands.find(({ type }) => type === 'readTriples');
        if (found?.type !== 'readTriples') throw new Error('not yet');
        return found;
      });
      trainer.emit({
        type: 'triplesRead',
        id: command.id + 1,
        reading: { problems: [], problemCount: 0, world: null },
      });
      trainer.emit({
        type: 'triplesRead',
        id: command.id,
        reading: { problems: [], problemCount: 0, world: null, ...reading },
      });
      await opening;
      return state().problems[0]?.message;
    };
    const problem = { line: 0, message: 'there are too few.' };
    expect(await told({ problems: [problem], problemCount: 1 })).toBe(
      'The facts beside The checkpoint are no world: there are too few.',
    );
    expect(await told({ problems: [{ ...problem, line: 3 }] })).toMatch(/no world: line 3: there are too few\.$/);
    expect(await told({})).toMatch(/no world: they cannot be read\.$/);
  });

  it('ends with an engine that stops before it answers', async () => {
    const { studio, trainer, state, starts } = open();
    const { client } = studio;
    const send = client.send.bind(client);
    client.send = (command) => {
      if (command.type !== 'vet') send(command);
      else {
        trainer.emit({ type: 'error', runId: 1, message: 'a warning', hint: '', fatal: false });
        trainer.emit({ type: 'vetted', id: command.id + 1, message: 'of another', hint: '' });
        trainer.crash('out of memory');
      }
    };
    await openFiles(studio, [new File([checkpoint()], 'x')]);
    expect(state().problems.at(-1)?.message).toBe('The engine stopped: out of memory');
    expect(starts()).toHaveLength(1);
  });
});
