import { expect, it } from 'vitest';
import { LIVE_LINE, LIVE_PROMPT, shownLive, type liveStudio } from '../../../testing/page/live-rollouts';
import { cutHere, runSweep } from '../cut-lab';
import { askLive, benchAnswer } from './live-ask';
import { enterLive } from './live-lab';

const { signal } = new AbortController();

const page = (...how: Parameters<typeof liveStudio>) => shownLive(how, false);

it('asks in any words, with the prompt of the rollout on screen, and cuts what was answered', async () => {
  const { studio, asked, view } = await page();
  const answer = await askLive(studio, view, { question: 'And where was she born?', right: 'Rome', seed: 1n }, signal);
  expect(asked[0]?.body['prompt']).toEqual([LIVE_PROMPT.replace('Where was Ada born?', 'And where was she born?')]);
  expect(answer.side).toMatchObject({ answer: 'Rome', em: 1, searches: 1 });
  benchAnswer(studio, view, answer);
  const { store } = studio;
  expect(store.getState().view).toBe('cutLab');
  // Cut Lab shows the row behind it again, which must not take its place.
  await enterLive(studio, view);
  expect(store.getState().lab.live?.rollout.question).toBe('And where was she born?');
  const cut = new Promise<void>((resolve) => store.subscribe(({ lab }) => lab.branch && resolve()));
  cutHere(studio);
  await cut;
  expect(store.getState().lab.branch?.view.final.answer).toBe('Rome');
});

it('knows no reward where nobody knows the answer, and says what it cannot ask', async () => {
  const { studio, asked, view } = await page();
  const answer = await askLive(studio, view, { question: 'And where was she born?', right: '', seed: 2n }, signal);
  expect(answer.side).toMatchObject({ answer: 'Oslo', em: null, reward: null });
  // Its cuts cannot be compared, and nothing is asked for that.
  benchAnswer(studio, view, answer);
  const before = asked.length;
  runSweep(studio);
  expect(studio.store.getState().lab).toMatchObject({
    sweepAsked: null,
    refusal: { message: 'Cuts are compared by reward, and nobody told what is right here.' },
  });
  expect(asked).toHaveLength(before);
  const other = await page([{ ...LIVE_LINE, question: 'Another one?' }]);
  await expect(askLive(other.studio, other.view, { question: 'q', right: '', seed: 1n }, signal)).rejects.toThrow(
    'does not stand in the prompt',
  );
  const mute = await page(undefined, {}, { next: () => null });
  await expect(askLive(mute.studio, mute.view, { question: 'q', right: '', seed: 1n }, signal)).rejects.toThrow(
    'ended at once',
  );
});
