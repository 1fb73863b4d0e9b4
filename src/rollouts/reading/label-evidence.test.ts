import { describe, expect, it } from 'vitest';
import { labelEvidence, PassageNumbers } from './label-evidence';
import type { EvidenceHints } from './label-evidence';
import type { RawPassage } from './passages';
import type { RawStep } from './steps';

type Found = readonly (string | Partial<RawPassage>)[];

function search(...found: Found): RawStep {
  const passages = found.map((passage) => ({
    ...{ title: '', text: '', label: null },
    ...(typeof passage === 'string' ? { text: passage } : passage),
  }));
  return { kind: 'search', thought: '', text: 'q', start: 0, end: 1, passages };
}

function label(steps: readonly RawStep[], hints: Partial<EvidenceHints>) {
  const labelled = labelEvidence(steps, { golds: [], titles: [], useful: null, ...hints }, new PassageNumbers());
  return {
    ...labelled,
    evidence: labelled.steps.map((step) => step.passages.map(({ evidence }) => evidence)),
    useful: labelled.steps.map((step) => step.useful),
    share: labelled.steps.map((step) => step.share),
  };
}

const answer: RawStep = { kind: 'answer', thought: '', text: 'Rome', start: 1, end: 2, passages: [] };

describe('evidence by right answers', () => {
  it('is a passage that holds one word by word, new the first time it is shown', () => {
    const [rome, romeo] = ['He lives in ROME.', 'Romeo loves Juliet.'];
    expect(
      label([search(rome, romeo), search(romeo), search(rome, 'The Rome of old', romeo, 'x'), answer], {
        golds: ['the Rome'],
      }),
    ).toMatchObject({
      evidence: [['new', 'irrelevant'], ['irrelevant'], ['repeated', 'new', 'irrelevant', 'irrelevant'], []],
      useful: [1, 0, 1, null],
      share: [0.5, 0, 0.25, null],
      coverage: 1,
      density: 2 / 3,
    });
  });

  it('may lie in the title, and may be any of the right answers', () => {
    expect(
      label([search({ title: 'Rome', text: 'A city.' }, 'In Lazio.')], { golds: ['Rome', 'Lazio'] }).evidence,
    ).toEqual([['new', 'new']]);
  });

  it('shown twice by one search is new twice', () => {
    expect(label([search('Rome', 'Rome')], { golds: ['Rome'] }).evidence).toEqual([['new', 'new']]);
  });

  it.each([['yes'], ['No.'], ['the'], ['']])('is not told by the answer %j alone', (gold) => {
    expect(label([search('yes and no'), answer], { golds: [gold] })).toMatchObject({
      evidence: [[null], []],
      useful: [null, null],
      share: [null, null],
      coverage: 0,
      density: 0,
    });
    expect(label([search('yes to Rome')], { golds: [gold, 'Rome'] }).evidence).toEqual([['new']]);
  });

  it('is nothing where a search finds nothing or there is no search', () => {
    expect(label([search()], { golds: ['Rome'] })).toMatchObject({ useful: [0], share: [0], coverage: 0, density: 0 });
    expect(label([answer], { golds: ['Rome'] })).toMatchObject({ evidence: [[]], coverage: 0, density: 0 });
  });
});

describe('evidence by titles', () => {
  it('goes before right answers, and counts each title once', () => {
    const found = [
      search({ title: 'The Dune' }, { title: 'Rome', text: 'Rome' }),
      search({ title: 'dune', text: 'more' }),
    ];
    expect(label(found, { golds: ['Rome'], titles: ['Dune', 'DUNE', 'Sand', 'Sea', 'Sky'] })).toMatchObject({
      evidence: [['new', 'irrelevant'], ['repeated']],
      coverage: 1 / 4,
      density: 1 / 2,
    });
  });
});

describe('evidence by labels', () => {
  it('of passages goes before titles, and what has no label does not help', () => {
    const found = search({ text: 'a', label: true }, { text: 'b', label: false }, { title: 'Dune' });
    expect(label([search({ text: 'c' }), found, found], { titles: ['Dune', 'Sand'] })).toMatchObject({
      evidence: [['irrelevant'], ['new', 'irrelevant', 'irrelevant'], ['repeated', 'irrelevant', 'irrelevant']],
      coverage: 1 / 2,
    });
  });

  it('is never more than all of it', () => {
    const found = search({ text: 'a', label: true }, { text: 'b', label: true });
    expect(label([found], { titles: ['Dune'] }).coverage).toBe(1);
  });

  it('of searches goes before what their passages say; the rest is told by these', () => {
    expect(
      label([search('x'), answer, search('y'), search('Rome')], { golds: ['Rome'], useful: [1, 0] }),
    ).toMatchObject({
      useful: [1, null, 0, 1],
      share: [0, null, 0, 1],
      density: 2 / 3,
    });
    expect(label([search('x')], { useful: [1] })).toMatchObject({
      evidence: [[null]],
      useful: [1],
      coverage: 1,
      density: 1,
    });
    expect(label([search('x')], { useful: [0] })).toMatchObject({ useful: [0], coverage: 0 });
  });
});

it('gives the same passage the same number, and another title another', () => {
  const numbers = new PassageNumbers();
  const of = (title: string, text: string) => numbers.of({ title, text, label: null });
  expect([of('', 'a'), of('', 'b'), of('', 'a'), of('T', 'a'), of('', 'b')]).toEqual([0, 1, 0, 2, 1]);
});
