import { describe, expect, it } from 'vitest';
import { STEP } from '../../run/actions';
import { idleStudio, playedStudio } from '../../../testing/page/open-studio';
import type { TriplesReading } from '../../../trainer/protocol/protocol';
import { canCancelOwnWorld, cancelOwnWorld, editOwnWorld, nextAsked, openOwnWorldDialog } from './own-world';
import { closeOwnWorldDialog, ownWorldRefusal, startOwnWorld } from './start-own-world';
import { editPhrase, setColumns, takePart } from './own-world-choices';

const HASH = '0123456789abcdef';
const OWN_WORLD = { name: 'mine', text: 'a,b,c', hash: HASH };
const world = {
  facts: 1,
  entities: 2,
  relations: ['b'],
  inverses: [],
  phrases: [],
  types: 1,
  questions: [1, 0, 0],
  examples: [],
  hash: HASH,
} as const;
const good: TriplesReading = { problems: [], problemCount: 0, world };
const dialog = { wanted: null, file: { name: 'n', text: 'a,b,c' }, reading: good, asked: 1, encoding: null };

describe('the dialog', () => {
  it('writes the phrase of a relation into the text, and keeps what was read of the facts', () => {
    const { studio, trainer, state } = idleStudio();
    editPhrase(studio, 'b', 'is b of');
    expect(trainer.commands).toEqual([]);
    openOwnWorldDialog(studio);
    editOwnWorld(studio, { text: 'a,b,c' });
    trainer.emit({ type: 'triplesRead', id: state().ownWorldDialog?.asked ?? 0, reading: good });
    editPhrase(studio, 'b', 'is b of');
    const text = '# phrase: b = is b of\na,b,c';
    expect(state().ownWorldDialog).toMatchObject({ file: { text }, reading: good });
    expect(trainer.commands.at(-1)).toMatchObject({ type: 'readTriples', triples: { text } });
  });

  it('writes the columns that are chosen into the text, and keeps what the file was read as', () => {
    const { studio, trainer, state } = idleStudio();
    openOwnWorldDialog(studio);
    editOwnWorld(studio, { text: 'a,b,c', encoding: 'UTF-16LE' });
    setColumns(studio, [1, 3, 2]);
    const text = '# columns: 1 3 2\na,b,c';
    expect(state().ownWorldDialog).toMatchObject({ file: { text }, encoding: 'UTF-16LE' });
    expect(trainer.commands.at(-1)).toMatchObject({ type: 'readTriples', triples: { text } });
  });

  it('puts a part in the place of a graph that is too large', () => {
    const { studio, trainer, state } = idleStudio();
    openOwnWorldDialog(studio);
    editOwnWorld(studio, { name: 'big', text: 'a,b,c' });
    const size = { facts: 9e5, entities: 9e4, relations: 3 };
    const whole = { problems: [], problemCount: 0, world: null, tooLarge: size };
    trainer.emit({ type: 'triplesRead', id: state().ownWorldDialog?.asked ?? 0, reading: whole });
    const refusal = () => {
      const { ownWorldDialog: open } = state();
      return open && ownWorldRefusal(open);
    };
    expect(refusal()).toBe('Take a part of it first.');
    takePart(studio, 7);
    expect(trainer.commands.at(-1)).toMatchObject({ triples: { name: 'big', text: 'a,b,c' }, part: 7 });
    const part = { name: 'big part 7', text: '# part: seed 7 of big\na\tb\tc' };
    trainer.emit({ type: 'triplesRead', id: state().ownWorldDialog?.asked ?? 0, reading: { ...good, part } });
    expect(state().ownWorldDialog).toMatchObject({ file: part, encoding: null });
    expect(refusal()).toBeNull();
  });

  it('begins with the world that is there, with what a link wants, or empty; one at a time', () => {
    const plain = idleStudio();
    openOwnWorldDialog(plain.studio);
    expect(plain.state().ownWorldDialog).toEqual({
      ...{ wanted: null, file: { name: 'my world', text: '' }, reading: null, asked: 0, encoding: null },
    });
    openOwnWorldDialog(plain.studio, { name: 'other', hash: HASH });
    expect(plain.state().ownWorldDialog?.wanted).toBeNull();
    const own = idleStudio();
    own.studio.store.setState({ ownWorld: OWN_WORLD });
    openOwnWorldDialog(own.studio);
    expect(own.state().ownWorldDialog?.file).toEqual({ name: 'mine', text: 'a,b,c' });
    closeOwnWorldDialog(own.studio);
    openOwnWorldDialog(own.studio, { name: 'theirs', hash: HASH });
    expect(own.state().ownWorldDialog).toMatchObject({
      file: { name: 'theirs', text: '' },
      wanted: { name: 'theirs' },
    });
  });

  it('asks the engine for each text, never for none, and edits nothing while it is closed', () => {
    const { studio, trainer, state } = idleStudio();
    editOwnWorld(studio, { text: 'a,b,c' });
    expect([state().ownWorldDialog, trainer.commands]).toEqual([null, []]);
    openOwnWorldDialog(studio);
    editOwnWorld(studio, { text: 'a,b,c' });
    const asked = state().ownWorldDialog?.asked ?? 0;
    expect(trainer.commands).toEqual([
      { type: 'readTriples', id: asked, triples: { name: 'my world', text: 'a,b,c' } },
    ]);
    trainer.emit({ type: 'triplesRead', id: asked, reading: good });
    expect(state().ownWorldDialog?.reading).toBe(good);
    editOwnWorld(studio, { name: 'n' });
    expect(state().ownWorldDialog).toMatchObject({
      file: { name: 'n', text: 'a,b,c' },
      reading: null,
      asked: asked + 1,
    });
    editOwnWorld(studio, { text: '  \n' });
    expect(trainer.commands).toHaveLength(2);
    expect(nextAsked()).toBe(asked + 3);
    trainer.emit({ type: 'triplesRead', id: asked, reading: good });
    expect(state().ownWorldDialog?.reading).toBeNull();
    closeOwnWorldDialog(studio);
    trainer.emit({ type: 'triplesRead', id: asked + 2, reading: good });
    expect(state().ownWorldDialog).toBeNull();
  });

  it.each([
    [{}, null],
    [{ file: { name: 'n', text: ' \n' } }, 'Paste facts, or choose a file.'],
    [{ file: { name: ' ', text: 'a' } }, 'Give the world a name.'],
    [{ reading: null }, 'Reading ...'],
    [{ reading: { ...good, world: null } }, 'Mend the lines above first.'],
    [{ wanted: { name: 'x', hash: HASH } }, null],
    [
      { wanted: { name: 'x', hash: 'ffff' } },
      `These are other facts than the link was made with (${HASH} instead of ffff).`,
    ],
  ])('says why it cannot be trained on: %j', (part, told) => {
    expect(ownWorldRefusal({ ...dialog, ...part })).toBe(told);
  });

  it('starts a run on what is in it', async () => {
    const { studio, trainer, state } = playedStudio();
    studio.store.setState({ settingsOpen: true, ownWorldDialog: { ...dialog, file: { name: ' n ', text: 'a,b,c' } } });
    await startOwnWorld(studio);
    expect(trainer.commands.findLast(({ type }) => type === 'start')).toMatchObject({
      ...{ runId: 2, triples: { name: 'n', text: 'a,b,c' }, initial: { kind: 'shipped' } },
    });
    expect(state()).toMatchObject({
      ...{ settingsOpen: false, ownWorldDialog: null, ownWorld: { name: 'n', text: 'a,b,c', hash: HASH } },
      announcement: 'Training on “n” begins with a warm start',
    });
  });

  it.each([
    ['closed', null],
    ['without an answer', { ...dialog, reading: null }],
    ['without a world', { ...dialog, reading: { ...good, world: null } }],
    ['without a name', { ...dialog, file: { name: ' ', text: 'a,b,c' } }],
  ])('starts nothing while it is %s', async (_, ownWorldDialog) => {
    const { studio, state } = playedStudio();
    studio.store.setState({ ownWorldDialog });
    await startOwnWorld(studio);
    expect(state()).toMatchObject({ runId: 1, ownWorldDialog });
  });
});

describe('a warm start that is cancelled', () => {
  const mine = { ...dialog, file: { name: 'n', text: 'a,b,c' } };

  it('leaves the run that was on the page, from where it stood', async () => {
    const { studio, trainer, state } = playedStudio({ checkpoint: Uint8Array.of(1, 2, 3, 4).buffer });
    STEP.perform(studio);
    const before = studio.history.all;
    expect(before).toHaveLength(1);
    const { config } = state();
    studio.store.setState({ savedId: 's', savedUpdate: 1, ownWorldDialog: mine });
    await startOwnWorld(studio);
    expect(state()).toMatchObject({ runId: 2, ownWorld: { name: 'n' }, savedId: null });
    trainer.emit({ type: 'state', runId: 2, state: 'warmStart', update: 0, phase: null, note: null });
    expect(canCancelOwnWorld(state())).toBe(true);
    cancelOwnWorld(studio);
    expect(trainer.commands.findLast(({ type }) => type === 'start')).toMatchObject({
      ...{ runId: 3, config, triples: null, initial: { kind: 'checkpoint' } },
    });
    expect(state()).toMatchObject({ ownWorld: null, update: 1, savedId: 's', savedUpdate: 1, pageBefore: null });
    expect(studio.history.all).toEqual(before);
  });

  it('starts the run again that had not begun, and is over once the run has', async () => {
    const { studio, trainer, state } = playedStudio();
    studio.store.setState({ ownWorldDialog: mine });
    await startOwnWorld(studio);
    trainer.emit({ type: 'state', runId: 2, state: 'paused', update: 0, phase: null, note: null });
    expect(canCancelOwnWorld(state())).toBe(false);
    cancelOwnWorld(studio);
    expect(state().runId).toBe(2);
    trainer.emit({ type: 'state', runId: 2, state: 'warmStart', update: 0, phase: null, note: null });
    cancelOwnWorld(studio);
    expect(state()).toMatchObject({ runId: 3, ownWorld: null, recording: null });
    cancelOwnWorld(studio);
    expect(state().runId).toBe(3);
  });
});

describe('closing the dialog', () => {
  const closed = (part: object, run = false) => {
    const played = run ? playedStudio() : idleStudio();
    played.studio.store.setState({ support: { status: 'ok', software: false }, notes: ['a'] });
    openOwnWorldDialog(played.studio, { name: 'theirs', hash: HASH });
    played.studio.store.setState(part);
    closeOwnWorldDialog(played.studio);
    return played.state();
  };

  it('shows the built-in world in place of the one that a link wants, and says so', () => {
    const { runId, ownWorldDialog, notes, ownWorld } = closed({ ownWorld: OWN_WORLD });
    expect([runId, ownWorldDialog, ownWorld]).toEqual([1, null, null]);
    expect(notes).toEqual([
      'a',
      'The link is of a run on “theirs”, whose facts are not here: microwiki is shown instead.',
    ]);
  });

  it.each<[what: string, part: object, run: boolean, runs: number]>([
    ['where a run is there', {}, true, 1],
    ['where nothing can be trained', { support: { status: 'noAdapter' } }, false, 0],
    [
      'where no link wants any',
      { ownWorldDialog: { wanted: null, file: { name: '', text: '' }, reading: null, asked: 0, encoding: null } },
      false,
      0,
    ],
  ])('starts none %s', (_, part, run, runs) => {
    const { runId, notes, ownWorldDialog } = closed(part, run);
    expect([runId, notes, ownWorldDialog]).toEqual([runs, ['a'], null]);
  });

  it('is nothing where it is closed', () => {
    const { studio, state } = idleStudio();
    const before = state();
    closeOwnWorldDialog(studio);
    expect(state()).toBe(before);
  });
});
