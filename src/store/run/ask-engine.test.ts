import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { playedStudio } from '../../testing/page/open-studio';
import type { TrainerEvent, WorldFacts } from '../../trainer/protocol/protocol';
import { askEngine, EngineRefusal, nextId, refusalText } from './ask-engine';
import { startRun } from './start-run';

const FACTS: WorldFacts = {
  facts: new Int32Array(0),
  single: new Uint8Array(0),
  passages: new Int32Array(0),
  rumours: new Uint8Array(0),
  maxHops: 2,
};

function asked() {
  const { studio, trainer, state } = playedStudio();
  const answer = askEngine(studio, 'facts', (id) => ({ type: 'facts', id, world: { heldOut: 1 } }));
  const command = trainer.commands.at(-1);
  if (command?.type !== 'facts') throw new Error('the engine is asked');
  const facts = (id: number): TrainerEvent => ({ type: 'facts', runId: 1, id, facts: FACTS });
  return { studio, trainer, state, answer, id: command.id, facts };
}
const isPending = async (answer: Promise<unknown>): Promise<boolean> => {
  return (await Promise.race([answer, Promise.resolve('pending')])) === 'pending';
};

describe('a question to the engine', () => {
  it('is answered by what carries its number and is such an answer', async () => {
    const { trainer, answer, id, facts } = asked();
    expect(nextId()).toBe(id + 1);
    trainer.emit(facts(id + 1));
    trainer.emit({ type: 'vetted', id, message: null, hint: '' });
    trainer.emit({ type: 'metrics', runId: 1, update: 1, metrics: {}, updateMs: 1 });
    expect(await isPending(answer)).toBe(true);
    trainer.emit(facts(id));
    expect(await answer).toEqual(facts(id));
  });

  it('is refused by its own refusal alone, with the reason', async () => {
    const { trainer, answer, id } = asked();
    trainer.emit({ type: 'refused', runId: 1, id: id + 1, message: 'another', hint: '' });
    expect(await isPending(answer)).toBe(true);
    trainer.emit({ type: 'refused', runId: 1, id, message: 'not kept', hint: 'Try a later one.' });
    await expect(answer).rejects.toMatchObject({
      name: 'EngineRefusal',
      message: 'not kept',
      hint: 'Try a later one.',
    });
  });

  it('ends with its run, and with an engine that fails', async () => {
    const next = asked();
    next.studio.store.setState({ announcement: 'something else' });
    expect(await isPending(next.answer)).toBe(true);
    startRun(next.studio, configForPreset('search-r2'), 'shipped');
    await expect(next.answer).rejects.toThrow('The run ended before this was answered.');
    const failed = asked();
    failed.trainer.crash('gone');
    await expect(failed.answer).rejects.toMatchObject({ hint: 'Ask again.' });
  });

  it('listens no longer once it is over', async () => {
    const { studio, trainer, answer, id, facts } = asked();
    let heard = 0;
    const subscribe = studio.client.subscribe.bind(studio.client);
    studio.client.subscribe = (listener) => {
      heard += 1;
      const stop = subscribe(listener);
      return () => {
        heard -= 1;
        stop();
      };
    };
    const again = askEngine(studio, 'facts', (of) => ({ type: 'facts', id: of, world: { heldOut: 2 } }));
    expect(heard).toBe(1);
    trainer.emit(facts(id));
    trainer.emit(facts(id + 1));
    await Promise.all([answer, again]);
    expect(heard).toBe(0);
  });
});

describe('a refusal in words', () => {
  it.each([
    [new EngineRefusal('no', 'do this'), 'no do this'],
    [new EngineRefusal('no', ''), 'no'],
    [new TypeError('x is undefined'), 'x is undefined'],
    ['text', 'text'],
  ])('of %s', (error, told) => {
    expect(refusalText(error)).toBe(told);
  });
});
