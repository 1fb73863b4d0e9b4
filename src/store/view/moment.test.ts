import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { showRecording } from '../run/show-recording';
import { createTrainerClient } from '../../trainer/client';
import { appliesLive, applyDraft, editOwnWorldChoice, RESET, startRun, STEP } from '../run/actions';
import { awaitMoment } from './moment';
import { editOwnWorld, openOwnWorldDialog } from '../files/world/own-world';
import { closeOwnWorldDialog, ownWorldRefusal, startOwnWorld } from '../files/world/start-own-world';
import { createStudio } from '../studio-store';

function open() {
  const trainer = new FakeTrainer({});
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  return { trainer, studio, state: () => studio.store.getState() };
}

describe('a moment that a link names', () => {
  const selection = { row: 17, side: 'draft', step: 1 } as const;

  it('is asked for, and held with its selection when the run gets there', () => {
    const { trainer, studio, state } = open();
    awaitMoment(studio, { update: 2, selection, cut: 3 });
    expect(trainer.commands.at(-1)).toEqual({ type: 'await', update: 2 });
    STEP.perform(studio);
    expect(state()).toMatchObject({ heldUpdate: null, selection: null });
    STEP.perform(studio);
    expect(state()).toMatchObject({ heldUpdate: 2, selection, awaited: null, linkedCut: 3 });
    STEP.perform(studio);
    expect(studio.batches.shown?.batch.update).toBe(2);
  });

  it('is not the update of a recording that is on screen', () => {
    const { trainer, studio, state } = open();
    showRecording(studio, { recording: makeFakeRecording(4), source: 'file', title: 't' });
    awaitMoment(studio, { update: 2, selection: null, cut: null });
    expect(state()).toMatchObject({ heldUpdate: null, awaited: { update: 2 } });
    expect(trainer.commands.at(-1)).toEqual({ type: 'await', update: 2 });
    expect(state().announcement).toBe('');
  });

  it('is held at once where it is kept, stays awaited over a reset, and ends with the run', () => {
    const { trainer, studio, state } = open();
    STEP.perform(studio);
    STEP.perform(studio);
    const sent = trainer.commands.length;
    awaitMoment(studio, { update: 1, selection: { ...selection, row: 9999 }, cut: null });
    expect(trainer.commands).toHaveLength(sent);
    expect(state()).toMatchObject({ heldUpdate: 1, selection: null, awaited: null });
    awaitMoment(studio, { update: 5, selection, cut: null });
    RESET.perform(studio);
    expect(state().awaited?.update).toBe(5);
    startRun(studio, state().config, 'shipped');
    expect(state().awaited).toBeNull();
  });
});

describe('a world of one’s own', () => {
  const world = {
    facts: 2,
    entities: 3,
    relations: ['b'],
    inverses: [],
    phrases: [],
    types: 1,
    questions: [2, 0, 0],
    examples: [],
    hash: '0123456789abcdef',
  } as const;

  it('is read by the engine, started from, kept by the next run and left for a built-in one', () => {
    const { trainer, studio, state } = open();
    openOwnWorldDialog(studio);
    const refusal = () => {
      const { ownWorldDialog } = state();
      return ownWorldDialog && ownWorldRefusal(ownWorldDialog);
    };
    expect(refusal()).toMatch(/Paste facts/);
    editOwnWorld(studio, { name: 'mine', text: 'a,b,c' });
    const asked = trainer.commands.at(-1);
    if (asked?.type !== 'readTriples') throw new Error('the engine is asked');
    expect(asked.triples).toEqual({ name: 'mine', text: 'a,b,c' });
    expect(refusal()).toMatch(/Reading/);
    // It is no news of the run, so it comes through while a recording is on screen.
    const answer = { type: 'triplesRead', id: asked.id, reading: { problems: [], problemCount: 0, world } } as const;
    studio.aside.picture = state();
    expect(studio.aside.keep(answer)).toBe(false);
    studio.aside.clear();
    // An answer to what has been edited since is dropped.
    trainer.emit({ type: 'triplesRead', id: asked.id - 1, reading: { problems: [], problemCount: 0, world } });
    expect(refusal()).toMatch(/Reading/);
    trainer.emit({ type: 'triplesRead', id: asked.id, reading: { problems: [], problemCount: 0, world } });
    expect(refusal()).toBeNull();
    void startOwnWorld(studio);
    const starts = () => trainer.commands.filter((command) => command.type === 'start');
    expect(starts().at(-1)?.triples).toEqual({ name: 'mine', text: 'a,b,c' });
    expect(state().ownWorldDialog).toBeNull();

    startRun(studio, { ...state().config, groupSize: 4 }, 'shipped');
    expect(starts().at(-1)?.triples?.name).toBe('mine');

    editOwnWorldChoice(studio, null);
    expect(appliesLive(state())).toBe(false);
    applyDraft(studio);
    expect(starts().at(-1)?.triples).toBeNull();
    expect(state().ownWorld).toBeNull();
  });

  it('that a link asks for starts with its own facts alone, and the run goes on without', () => {
    const trainer = new FakeTrainer({});
    const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
    studio.store.setState({ support: { status: 'ok', software: true } });
    openOwnWorldDialog(studio, { name: 'theirs', hash: 'fedcba9876543210' });
    editOwnWorld(studio, { text: 'a,b,c' });
    const asked = trainer.commands.at(-1);
    if (asked?.type !== 'readTriples') throw new Error('the engine is asked');
    trainer.emit({ type: 'triplesRead', id: asked.id, reading: { problems: [], problemCount: 0, world } });
    const { ownWorldDialog } = studio.store.getState();
    expect(ownWorldDialog && ownWorldRefusal(ownWorldDialog)).toMatch(/other facts/);
    closeOwnWorldDialog(studio);
    expect(studio.store.getState().notes.join()).toContain('“theirs”');
    expect(trainer.commands.some((command) => command.type === 'start' && command.triples === null)).toBe(true);
  });
});
