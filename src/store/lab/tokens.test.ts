import { describe, expect, it } from 'vitest';
import { HAND_WORLD, tokensOf } from '../../testing/page/hand-batch';
import { HAND_LAB, handBranch } from '../../testing/page/hand-lab';
import { idleStudio } from '../../testing/page/open-studio';
import type { Alternatives, AttentionWeights } from '../../trainer/protocol/protocol';
import type { LabState } from '../state/lab-state';
import { askToken, continueWith } from './tokens';

function open(lab: Partial<LabState> = {}) {
  const played = idleStudio();
  played.studio.store.setState({ world: HAND_WORLD, lab: { ...HAND_LAB, ...lab } });
  const last = () => played.trainer.commands.at(-1);
  return { ...played, last, lab: () => played.state().lab };
}
const WORDS = tokensOf(
  '<bos> Ada_Moreau ? <think> Norland </think> <think> Norland </think> <think> Aldermoor </think> <answer> Aldermoor </answer> <eos>',
);
const attention: AttentionWeights = { update: 4, position: 4, layers: 1, heads: 1, weights: new Float32Array(5) };
const alternatives: Alternatives = {
  ...{
    update: 4,
    position: 4,
    tokens: Uint16Array.of(3),
    logProbs: Float32Array.of(-1),
    entropy: 1,
    logProb: -1,
    rank: 1,
  },
};

describe('a token', () => {
  it('is asked for where each head looks, and for what else could stand there', async () => {
    const { studio, trainer } = open();
    const report = askToken(studio, 4, true);
    const [one, two] = trainer.commands;
    if (one?.type !== 'attention' || two?.type !== 'alternatives') throw new Error('the engine is asked');
    for (const command of [one, two]) {
      expect(command).toMatchObject({ position: 4, weights: 4 });
      expect([...command.tokens]).toEqual(WORDS);
    }
    trainer.emit({ type: 'alternatives', runId: 0, id: two.id, alternatives });
    trainer.emit({ type: 'attention', runId: 0, id: one.id, attention });
    expect(await report).toEqual({ position: 4, attention, alternatives });
  });

  it('that the environment wrote has no alternatives; present weights need not be named', async () => {
    const { studio, trainer } = open({ weights: 'present' });
    const report = askToken(studio, 4, false);
    const [one, ...more] = trainer.commands;
    if (one?.type !== 'attention') throw new Error('the engine is asked');
    expect(more).toEqual([]);
    expect(one).not.toHaveProperty('weights');
    trainer.emit({ type: 'attention', runId: 0, id: one.id, attention });
    expect(await report).toEqual({ position: 4, attention, alternatives: null });
  });
});

describe('other tokens', () => {
  const { side } = handBranch(1);
  const forced = tokensOf('Sudria');

  it('are gone on from, and what follows is a branch', async () => {
    const { studio, trainer, last, lab } = open();
    const going = continueWith(studio, { position: 7, step: 2 }, forced);
    const command = last();
    if (command?.type !== 'continue') throw new Error('the engine is asked');
    expect(command).toMatchObject({
      position: 7,
      forced,
      replicate: 0,
      edits: [],
      weights: 4,
      draft: { update: 4, row: 3 },
    });
    trainer.emit({ type: 'continued', runId: 0, id: command.id, update: 6, side });
    await going;
    expect(lab().branches).toEqual([lab().branch]);
    expect(lab().branch).toMatchObject({
      ...{ id: command.id, parent: null, step: 2, replicate: 0, forced: { position: 7, tokens: forced } },
      ...{
        update: 6,
        wanted: 4,
        side,
        view: { row: 3, cut: 2, verdict: 'wasted', final: { answer: 'Sudria' }, draft: { reward: 0.5 } },
      },
    });
  });

  it.each<[what: string, part: Partial<LabState>]>([
    ['another trajectory', { key: 'batch 5 1' }],
    ['a branch', { at: 2 }],
  ])('make no branch of %s that lies on the bench by then', async (_, part) => {
    const { studio, trainer, last, lab } = open();
    const going = continueWith(studio, { position: 7, step: 2 }, forced);
    const command = last();
    studio.store.setState({ lab: { ...lab(), ...part } });
    trainer.emit({ type: 'continued', runId: 0, id: command?.type === 'continue' ? command.id : 0, update: 6, side });
    await going;
    expect(lab().branches).toEqual([]);
  });

  it('are nothing to ask for where nothing lies on the bench, or no world is there', async () => {
    const empty = open({ draft: null });
    await continueWith(empty.studio, { position: 7, step: 2 }, forced);
    const worldless = open();
    worldless.studio.store.setState({ world: null });
    await continueWith(worldless.studio, { position: 7, step: 2 }, forced);
    expect([empty.trainer.commands, worldless.trainer.commands]).toEqual([[], []]);
  });
});
