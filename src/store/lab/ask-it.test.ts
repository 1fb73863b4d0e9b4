import { describe, expect, it } from 'vitest';
import { HAND_WORLD, handBatch, tokenOf, tokensOf } from '../../testing/page/hand-batch';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import type { WorldFacts } from '../../trainer/protocol/protocol';
import { STEP } from '../run/actions';
import { currentView } from '../view/current-view';
import { pinQuestion, showPin } from '../view/view-actions';
import {
  ask,
  askedRowOf,
  askWithQuery,
  editText,
  entityName,
  loadFacts,
  nearestQuestions,
  nextHops,
  passageText,
  questionText,
  visitedBy,
} from './ask-it';

const entity = (word: string): number => tokenOf(word) - HAND_WORLD.entityBase;
const relation = (word: string): number => tokenOf(word) - HAND_WORLD.relationBase;
const [ada, bruno, pelagic] = [entity('Ada_Moreau'), entity('Bruno_Falk'), entity('Pelagic')] as const;
const [aldermoor, norland] = [entity('Aldermoor'), entity('Norland')] as const;
const [bornIn, worksAt, spouse] = [relation('born_in'), relation('works_at'), relation('spouse')] as const;
const [country, capital] = [relation('country'), relation('capital')] as const;

/** Ada works at two places, so that nobody can ask for the one. */
const FACTS: WorldFacts = {
  facts: Int32Array.from([
    ...[ada, bornIn, aldermoor],
    ...[ada, worksAt, pelagic],
    ...[ada, spouse, bruno],
    ...[bruno, spouse, ada],
    ...[aldermoor, country, norland],
    ...[norland, capital, aldermoor],
  ]),
  single: Uint8Array.of(1, 0, 1, 1, 1, 1),
  passages: Int32Array.from([
    ...[0, ada, bornIn, aldermoor],
    ...[0, ada, spouse, bruno],
    ...[1, aldermoor, country, norland],
  ]),
  rumours: new Uint8Array(2),
  maxHops: 2,
};

describe('the questions of a world', () => {
  it('lead on from an entity to one that is alone and was not passed', () => {
    expect(nextHops(FACTS, [ada])).toEqual([
      { relation: bornIn, object: aldermoor },
      { relation: spouse, object: bruno },
    ]);
    expect(nextHops(FACTS, [bruno])).toEqual([{ relation: spouse, object: ada }]);
    expect(nextHops(FACTS, [ada, bruno])).toEqual([]);
    expect(nextHops(FACTS, [pelagic])).toEqual([]);
    expect(nextHops(FACTS, [])).toEqual([]);
  });

  it('pass entities as far as they lead', () => {
    expect(visitedBy(FACTS, ada, [bornIn, country])).toEqual([ada, aldermoor, norland]);
    expect(visitedBy(FACTS, ada, [bornIn, country, capital])).toEqual([ada, aldermoor, norland]);
    expect(visitedBy(FACTS, ada, [worksAt, country])).toEqual([ada]);
    expect(visitedBy(FACTS, ada, [])).toEqual([ada]);
  });

  it('are put into words from the inside out', () => {
    expect(entityName(HAND_WORLD, ada)).toBe('Ada Moreau');
    expect(questionText(HAND_WORLD, ada, [])).toBe('Ada Moreau');
    expect(questionText(HAND_WORLD, ada, [bornIn, country])).toBe('the country of the birthplace of Ada Moreau');
    expect(questionText(HAND_WORLD, ada, [99])).toBe('Ada Moreau');
    const odd = {
      ...HAND_WORLD,
      tokenStrings: HAND_WORLD.tokenStrings.map((text) => text.replace('Ada Moreau', () => '$& {x}')),
    };
    expect(questionText(odd, ada, [bornIn])).toBe('the birthplace of $& {x}');
  });
});

describe('the questions nearest to a text', () => {
  const offers = (text: string, facts = FACTS) => nearestQuestions(HAND_WORLD, facts, text).map((offer) => offer.text);

  it('are those that share most words, the shorter first where they share as many', () => {
    expect(nearestQuestions(HAND_WORLD, FACTS, 'What is the birthplace of Ada Moreau?')).toMatchObject([
      { start: ada, relations: [bornIn], text: 'the birthplace of Ada Moreau', score: 1 },
      // 3 words of 4 are common.
      { start: ada, relations: [bornIn, country], text: 'the country of the birthplace of Ada Moreau', score: 6 / 7 },
      { start: ada, relations: [spouse], text: 'the spouse of Ada Moreau', score: 4 / 6 },
    ]);
    expect(offers('SPOUSE!')).toEqual([
      'the spouse of Ada Moreau',
      'the spouse of Bruno Falk',
      'the birthplace of the spouse of Bruno Falk',
    ]);
  });

  it('are none where nothing is asked, or nothing is common', () => {
    expect(offers('What is the of?')).toEqual([]);
    expect(offers('???')).toEqual([]);
    expect(offers('zebra')).toEqual([]);
  });

  it('are no longer than the world asks', () => {
    expect(offers('birthplace country', { ...FACTS, maxHops: 1 })).toEqual([
      'the country of Aldermoor',
      'the birthplace of Ada Moreau',
    ]);
    expect(offers('country birthplace')[0]).toBe('the country of the birthplace of Ada Moreau');
  });
});

describe('what was changed', () => {
  it('is told in a sentence', () => {
    const edit = { source: 2, subject: ada, relation: spouse, object: bruno };
    expect(editText(HAND_WORLD, FACTS, { kind: 'plant', ...edit })).toBe(
      'planted: Ada Moreau is married to Bruno Falk. (Register)',
    );
    expect(editText(HAND_WORLD, FACTS, { kind: 'remove', passage: 2 })).toBe(
      'removed: Aldermoor lies in Norland. (Gazette)',
    );
    expect(editText(HAND_WORLD, FACTS, { kind: 'rewrite', passage: 2, object: ada })).toBe(
      'rewritten: Aldermoor lies in Ada Moreau. (Gazette)',
    );
    expect(passageText(HAND_WORLD, { ...edit, relation: 99, source: 99 })).toBe('Ada Moreau Bruno Falk ()');
  });
});

const SEARCH = '<think> Ada_Moreau </think> <search> Ada_Moreau born_in </search> <information> </information>';
const asked = handBatch(
  [{ draft: { steps: [SEARCH] }, final: { steps: [SEARCH, SEARCH, '<answer> Norland </answer>'] }, cut: 1 }],
  {
    update: 4,
  },
);

describe('a question to the actor', () => {
  it('is answered by a trajectory in words', async () => {
    const { studio, trainer } = playedStudio();
    const world = { heldOut: 3 };
    const edits = [{ kind: 'remove', passage: 1 }] as const;
    const answer = ask(studio, {
      world,
      chain: { start: ada, relations: [bornIn] },
      edits,
      replicate: 2,
      note: 'n',
      weights: 7,
    });
    const command = trainer.commands.at(-1);
    if (command?.type !== 'ask') throw new Error('the engine is asked');
    expect(command).toEqual({
      ...{
        type: 'ask',
        id: command.id,
        world,
        chain: { start: ada, relations: [bornIn] },
        edits,
        replicate: 2,
        weights: 7,
      },
    });
    trainer.emit({ type: 'answered', runId: 1, id: command.id, batch: asked });
    expect(await answer).toMatchObject({
      ...{ id: command.id, question: 'question 0', world, edits, replicate: 2, note: 'n', rightAnswer: 'Ada Moreau' },
      ...{ batch: asked, view: { cut: 1, verdict: 'wasted', final: { answer: 'Norland' } } },
    });
  });

  it('has no verdict of a refiner where there is none', async () => {
    const { studio, trainer } = playedStudio({}, { refiner: 'none', preset: 'search-r1' });
    const answer = ask(studio, { world: { heldOut: 3 }, chain: null, edits: [], replicate: 0, note: '' });
    const command = trainer.commands.at(-1);
    trainer.emit({ type: 'answered', runId: 1, id: command?.type === 'ask' ? command.id : 0, batch: asked });
    expect((await answer).view.verdict).toBe('none');
  });

  it('asks for the facts of a world', async () => {
    const { studio, trainer } = playedStudio();
    const loading = loadFacts(studio, { heldOut: 3 });
    const command = trainer.commands.at(-1);
    if (command?.type !== 'facts') throw new Error('the engine is asked');
    expect(command.world).toEqual({ heldOut: 3 });
    trainer.emit({ type: 'facts', runId: 1, id: command.id, facts: FACTS });
    expect(await loading).toBe(FACTS);
  });

  it.each([
    [{ heldOut: 3 }, { update: 0, row: 0 }],
    [
      { update: 8, row: 5, pinned: true },
      { update: 8, row: 5, pinned: true },
    ],
  ])('goes on with another query from where it searched, in the world of %j', async (world, place) => {
    const { studio, trainer } = playedStudio();
    const chain = { start: ada, relations: [bornIn] };
    const edits = [{ kind: 'remove', passage: 1 }] as const;
    const answering = ask(studio, { world, chain, edits, replicate: 2, note: 'n' });
    const first = trainer.commands.at(-1);
    trainer.emit({ type: 'answered', runId: 1, id: first?.type === 'ask' ? first.id : 0, batch: asked });
    const before = await answering;
    const next = askWithQuery(studio, before, 2, tokensOf('Norland capital'));
    const command = trainer.commands.at(-1);
    if (command?.type !== 'continue') throw new Error('the engine is asked');
    // The question has 3 tokens, a search 9: the second search opens at 3 + 9 + 3.
    expect(command).toMatchObject({ position: 16, replicate: 0, edits, question: { world, chain } });
    expect(command.forced).toEqual(tokensOf('Norland capital </search>'));
    expect(command.draft).toMatchObject({ ...place, steps: 3, tokens: asked.final.tokens });
    const side = handBatch([{ draft: { steps: [SEARCH, '<answer> Sudria </answer>'], em: 1 } }]).draft;
    trainer.emit({ type: 'continued', runId: 1, id: command.id, update: 9, side });
    expect(await next).toMatchObject({
      ...{ id: command.id, note: 'query of step 2: “Norland · capital”', world, chain, replicate: 2, edits },
      batch: { update: 9, draft: asked.final, final: side, cuts: Uint8Array.of(2) },
      view: { cut: 2, review: null, verdict: 'saved', draft: { answer: 'Norland' }, final: { answer: 'Sudria' } },
    });
  });

  it('takes a world to be loaded', async () => {
    const { studio, trainer } = idleStudio();
    const answer = ask(studio, { world: { heldOut: 3 }, chain: null, edits: [], replicate: 0, note: '' });
    const command = trainer.commands.at(-1);
    trainer.emit({ type: 'answered', runId: 0, id: command?.type === 'ask' ? command.id : 0, batch: asked });
    await expect(answer).rejects.toThrow('no world is loaded');
  });
});

describe('the trajectory on screen as a question', () => {
  it('is a row of its update, or of the question that was pinned', () => {
    const { studio } = playedStudio({}, { groupSize: 4 });
    STEP.perform(studio);
    const shown = () => {
      const view = currentView(studio);
      if (view === null) throw new Error('nothing is on screen');
      return { view, row: view.trajectory.row };
    };
    const { view, row } = shown();
    expect(askedRowOf(studio, view)).toEqual({ update: 1, row });
    pinQuestion(studio, 3);
    showPin(studio, 1);
    STEP.perform(studio);
    const pinned = shown();
    expect(askedRowOf(studio, pinned.view)).toEqual({ update: 1, row: 12 + pinned.row, pinned: true });
  });
});
