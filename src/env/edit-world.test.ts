import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { retrieveTopK } from '../retrieval/bm25';
import { editWorld, followChain } from './edit-world';
import { microwikiFamily } from './microwiki';

const world = microwikiFamily().draw(7, 0.2);

describe('editWorld', () => {
  it('without edits is the world itself, and keeps facts and questions with them', () => {
    expect(editWorld(world, [])).toBe(world);
    const edited = editWorld(world, [{ kind: 'remove', passage: 4 }]);
    expect([edited.facts, edited.chains]).toEqual([world.facts, world.chains]);
    expect(edited.passages).toEqual(world.passages.filter((_, id) => id !== 4));
    expect(edited.index.passageCount).toBe(world.passages.length - 1);
  });

  it('makes a rumour of a passage that names another object, and the truth of one that names the right one', () => {
    const id = world.passages.findIndex(({ rumour }) => !rumour);
    const passage = world.passages[id]!;
    const other = world.facts.find(({ object }) => object !== passage.object)!.object;
    const lied = editWorld(world, [{ kind: 'rewrite', passage: id, object: other }]);
    expect(lied.passages[id]).toEqual({ ...passage, object: other, rumour: true });
    expect(lied.index.terms[4 * id + 3]).toBe(world.schema.vocabulary.entityBase + other);
    const rumour = world.passages.findIndex((one) => one.rumour);
    const truth = world.facts[world.passages[rumour]!.fact]!.object;
    const mended = editWorld(world, [{ kind: 'rewrite', passage: rumour, object: truth }]);
    expect(mended.passages[rumour]?.rumour).toBe(false);
  });

  it('plants passages that searches find, true or not', () => {
    const { subject, relation, object } = world.facts[0]!;
    const planted = editWorld(world, [
      { kind: 'plant', source: 1, subject, relation, object },
      { kind: 'plant', source: 2, subject, relation, object: subject },
    ]);
    const [truth, lie] = planted.passages.slice(-2);
    expect([truth?.rumour, lie?.rumour, truth?.fact, lie?.fact]).toEqual([false, true, 0, 0]);
    const { entityBase, relationBase } = world.schema.vocabulary;
    const query = [entityBase + subject, relationBase + relation];
    const alone = editWorld(
      planted,
      planted.passages.flatMap((one, passage) =>
        one.fact === 0 && passage < world.passages.length ? [{ kind: 'remove' as const, passage }] : [],
      ),
    );
    const found = [...retrieveTopK(alone.index, query)].map((id) => alone.passages[id]);
    expect(found.slice(0, 2)).toEqual(expect.arrayContaining([truth, lie]));
  });

  it('says which thing is not there', () => {
    expect(() => editWorld(world, [{ kind: 'remove', passage: 9999 }])).toThrow(UserError);
    expect(() => editWorld(world, [{ kind: 'rewrite', passage: 0, object: 9999 }])).toThrow(/entity 9999/);
    expect(() => editWorld(world, [{ kind: 'plant', source: 9, subject: 0, relation: 0, object: 0 }])).toThrow(
      /source/,
    );
  });
});

describe('followChain', () => {
  it('finds every question of the world again, and none that has no single answer', () => {
    for (const chain of world.chains.flat()) expect(followChain(world, chain.start, chain.relations)).toEqual(chain);
    expect(followChain(world, 0, [])).toBeNull();
    const broken = world.schema.relations.findIndex((_, r) => world.factOf(0, r) < 0);
    expect(followChain(world, 0, [broken])).toBeNull();
  });
});
