import { expect, it } from 'vitest';
import { openRollout } from '../../../rollouts/live/open-rollout';
import { LIVE_LINE, liveStudio } from '../../../testing/page/live-rollouts';
import { judgedReward, judgeText } from './live-judge';

const rollout = openRollout(JSON.stringify(LIVE_LINE), 'draft');

it('asks the judge once for each text, by question, right answer and passages', async () => {
  const { studio, asked } = await liveStudio(undefined, { judge: () => '<think>2 of them?</think> 1' });
  asked.length = 0;
  expect(await judgeText(studio, rollout, rollout.text)).toEqual({ useful: 1, of: 2 });
  expect(asked.map(({ path }) => path)).toEqual(['judge/models', 'judge/chat']);
  const prompt = JSON.stringify(asked[1]?.body['messages']);
  for (const part of ['Where was Ada born?', 'Right answer: Rome', 'Collection 2:', 'Ada was born in Paris.']) {
    expect(prompt).toContain(part);
  }
  await judgeText(studio, rollout, rollout.text);
  expect(asked).toHaveLength(2);
  expect(await judgeText(studio, rollout, '<answer>Rome</answer>')).toBeNull();
  expect([judgedReward(1, { useful: 1, of: 2 }), judgedReward(0, null), judgedReward(1, null)]).toEqual([1.5, 0, 1]);
  expect(judgedReward(null, null)).toBeNull();
});

it.each(['3', 'none of them', ''])('tells a judge that says %j', async (said) => {
  const { studio } = await liveStudio(undefined, { judge: () => said });
  await expect(judgeText(studio, rollout, rollout.text)).rejects.toThrow('named no number from 0 to 2');
});
