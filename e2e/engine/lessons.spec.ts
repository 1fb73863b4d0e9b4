/** Lessons 4, 6 and 8 on numbers that the engine of this browser makes, by keyboard alone. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import type { TrainerEvent } from '../../src/trainer/protocol/protocol';
import { forward, pressAt } from '../lib/lessons';
import { runInNode } from '../lib/node';
import { button, events, openReady, openStudio, region, step, view, weights, type EventOf } from '../lib/studio';

/** Enough drafts for ten of them to be reviewed, with three steps and an answer. */
const TEN_DRAFTS =
  '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=8&groupSize=4&evalEvery=0&evalQuestions=8';
const LOCK = 'That is my answer';

const lock = (page: Page): Promise<void> => pressAt(page, button(page, LOCK), 'Enter');
const shown = (value: number): string => value.toFixed(2).replace('-', '−');
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);

/** Lets a lesson train an eighth of its runs, and hears the engine that it trains them on. */
async function computeHere(page: Page, name: string, title: string): Promise<void> {
  await page.evaluate(() => {
    const studio = window.cutpoint;
    if (studio === undefined) throw new Error('The page has no studio.');
    const open = studio.openWorker;
    studio.lessonScale = 1 / 8;
    // The run of the page goes on being heard in the old list.
    const heard: TrainerEvent[] = (window.heard = []);
    studio.openWorker = () => {
      const client = open();
      client.subscribe((event) => heard.push(event));
      return client;
    };
  });
  await pressAt(page, button(page, name), 'Enter');
  await expect(region(page, title)).toContainText('Computed in this browser', { timeout: 200_000 });
}

const cells = (row: Locator): Promise<string[]> => row.getByRole('cell').allTextContents();

test('lesson 4 on ten drafts of one’s own run: each choice is worth what the engine sweeps, and the run comes back as it was', async ({
  page,
}) => {
  const { problems } = await openReady(page, TEN_DRAFTS);
  await step(page, 1);
  const before = await weights(page);
  await pressAt(page, view(page, 'Lessons'), 'Enter');
  await pressAt(page, button(page, 'Ten drafts of my run'), 'Enter');
  const lesson = region(page, 'Where would you cut?');
  await expect(lesson).toContainText('Drafts of your run', { timeout: 200_000 });
  const swept = await page.evaluate(() =>
    (window.heard ?? []).flatMap((event) =>
      event.type === 'swept'
        ? [{ rewards: [...event.sweep.rewards], of: event.sweep.replicates, update: event.sweep.update }]
        : [],
    ),
  );
  expect(swept.map(({ of, update }) => [of, update])).toEqual(Array(10).fill([16, 1]));
  await forward(page, 2);
  for (const [at, { rewards, of }] of swept.entries()) {
    await pressAt(page, page.getByRole('slider', { name: 'Where would you cut?' }), '1');
    await lock(page);
    const table = page.getByRole('table', { name: 'What each choice is worth' });
    const means = await table.locator('tbody .sweep-mean').allTextContents();
    const engine = Array.from({ length: rewards.length / of }, (_, k) => mean(rewards.slice(k * of, (k + 1) * of)));
    // The first row accepts: that is the draft's own reward.
    expect(means.slice(1), `draft ${at + 1}`).toEqual(engine.map(shown));
    await forward(page, at + 3);
  }
  await expect(page.getByText(/You beat the refiner in \d+ of 10 drafts/)).toBeVisible();
  await forward(page, 13);
  await forward(page, 14);
  await pressAt(page, button(page, 'All lessons').first(), 'Enter');
  await pressAt(page, view(page, 'Studio'), 'Enter');

  // The run goes on from where it was, and with the very weights of one that nobody left.
  expect(await weights(page)).toEqual(before);
  await step(page, 2);
  const after = await weights(page);
  expect(problems).toEqual([]);
  await page.close();
  expect(await runInNode('weights-hash', TEN_DRAFTS, '1')).toMatchObject(before);
  expect(await runInNode('weights-hash', TEN_DRAFTS, '2')).toMatchObject(after);
});

test('lesson 6 with two trainings of this browser: every curve is the engine’s', async ({ page }) => {
  const { problems } = await openStudio(page, '#v1&view=lessons&lesson=train');
  await computeHere(page, 'Train it here, with another seed', 'Train both');
  const evaluations = await events(page, 'evaluation');
  expect(evaluations.map(({ result }) => result.update)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  const curve = (from: number, metric: string): string[] =>
    evaluations.slice(from, from + 6).map(({ result }) => shown(number(result.metrics[metric])));
  await forward(page, 2);
  for (const update of [1, 2, 3, 4, 5]) {
    await pressAt(page, page.getByRole('slider', { name: `Exact match after update ${update}` }), 'PageUp');
  }
  await lock(page);
  await forward(page, 3);
  await pressAt(page, button(page, 'Play'), 'Enter');
  const row = (name: string): Locator => page.getByRole('row', { name: new RegExp(`^${name}`) });
  const refined = curve(0, 'emSampledRefined');
  expect(await cells(row('Search-R2 with its refiner'))).toEqual(refined);
  await expect(page.locator('.lesson-verdict')).toContainText(
    `After 5 updates exact match has gone from ${refined[0] ?? ''} to ${refined[5] ?? ''}.`,
  );
  await forward(page, 4);
  await pressAt(page, page.getByRole('radio').first(), 'Space');
  await lock(page);
  expect(await cells(row('Search-R2, the actor alone'))).toEqual(curve(0, 'emSampled'));
  expect(await cells(row('Search-R1, trained without a refiner'))).toEqual(curve(6, 'emSampled'));
  await forward(page, 5);
  await pressAt(page, page.getByRole('slider'), 'Home');
  await lock(page);
  expect(await cells(row('Search-R2, closed book'))).toEqual(curve(0, 'emClosedBook'));
  await forward(page, 6);
  await expect(button(page, 'Next lesson: Is it worth it?')).toBeEnabled();
  expect(problems).toEqual([]);
});

test('lesson 8 with four trainings of this browser: every chart ends at the engine’s number', async ({ page }) => {
  const { problems } = await openStudio(page, '#v1&view=lessons&lesson=wrong');
  await computeHere(page, 'Break and cure them here', 'When it goes wrong');
  const metrics = await events(page, 'metrics');
  const runs: EventOf<'metrics'>[][] = [];
  for (const event of metrics) {
    if (event.update === 1) runs.push([]);
    runs.at(-1)?.push(event);
  }
  expect(runs.map(({ length }) => length)).toEqual([14, 14, 14, 14]);
  const charts = [
    ['Exact match', 'emFinal'],
    ['Reward', 'rewardMean'],
    ['Searches a question', 'searches'],
    ['KL to the base, nats a token', 'klK3'],
    ['Entropy, nats a token', 'entropy'],
  ] as const;
  /** What the charts say of a run beside the healthy one, after so many updates. */
  const endAt = async (run: number, update: number): Promise<void> => {
    // The recording, and what is made in its form, has three digits of each.
    const value = (of: number, key: string) =>
      shown(Number(number(runs[of]?.[update - 1]?.metrics[key]).toPrecision(3)));
    for (const [chart, key] of charts) {
      const said = `${chart}: ${value(run, key)} at the end, ${value(0, key)} in the healthy run`;
      await expect(page.locator('figcaption', { hasText: said })).toHaveCount(1);
    }
  };
  for (const at of [0, 1, 2]) {
    await forward(page, 2 * at + 2);
    await endAt(at + 1, 10);
    await pressAt(page, page.getByRole('radio').first(), 'Space');
    await lock(page);
    await expect(page.locator('.lesson-verdict')).not.toBeEmpty();
    await forward(page, 2 * at + 3);
    await pressAt(page, page.getByRole('radio').first(), 'Space');
    await lock(page);
    await endAt(at + 1, 14);
  }
  await forward(page, 8);
  await expect(button(page, 'All lessons').last()).toBeEnabled();
  expect(problems).toEqual([]);
});
