/** What the page asks of a trainer's file besides its words: numbers of tokens and branches. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { shelve } from './rollout-views';

async function opened(content: string) {
  const blob = new Blob([content]);
  const { shelf } = shelve(await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]));
  return shelf.views;
}
const EPISODE = readFileSync(new URL('../../rollouts/fixtures/verifiers_tokens.jsonl', import.meta.url)).toString();

it('reads tokens when they are asked for, and says where they come from', async () => {
  const views = await opened(EPISODE);
  const view = views.at(0);
  expect(views.tokensOf(view, 'final')).toEqual([]);
  const found = await views.fileTokens?.(view);
  expect(found?.tokens).toHaveLength(7);
  expect(found?.tokens[1]).toEqual({
    ...{ position: 4, step: 1, text: '#21', written: true, logProb: -0.7, entropy: 0.9 },
    ...{ current: -0.5, reference: -1.5, advantage: 0.4 },
  });
  expect(found?.has).toEqual({ logProb: true, entropy: true, current: true, reference: true, advantage: true });
});

it('has none where the file has none', async () => {
  const views = await opened(JSON.stringify({ question: 'q', completion: '<answer>a</answer>' }));
  expect(await views.fileTokens?.(views.at(0))).toBeNull();
});

it('is searched without the numbers of its tokens, and with its branches', async () => {
  const views = await opened(EPISODE);
  const text = views.textOf(0);
  for (const words of ['she was born in rome', 'paris']) expect(text).toContain(words);
  for (const words of ['cutpoint_tokens', '-0.25', 'trainer_logprobs']) expect(text).not.toContain(words);
});

it('shows the branches of a tree like cuts by hand, without weights', async () => {
  const views = await opened(EPISODE);
  expect(views.at(0).handBranches).toMatchObject([
    { branch: 1, parent: 0, cut: 2, weights: null, side: { answer: 'Paris', em: 0, reward: null } },
  ]);
});
