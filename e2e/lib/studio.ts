/** The page as its tests see it: by role and name, and through the store and client it leaves on `window.cutpoint`. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { StudioState } from '../../src/store/state/studio-state';
import type { TrainerEvent } from '../../src/trainer/protocol/protocol';

/** Small enough for a browser that computes on the CPU; the entropy bonus moves weights that answer nothing yet. */
export const SMALL_RUN =
  '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&entropyBonus=0.01' +
  '&warmStartBatches=2&warmStartBatchSize=8&evalEvery=0&evalQuestions=8';

/** From the weights that ship, whose drafts have several steps. */
export const SHIPPED_RUN =
  '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
export const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
export const status = (page: Page): Locator => page.getByRole('group', { name: 'Status' });
export const trajectories = (page: Page): Locator => page.getByRole('group', { name: 'List of trajectories' });

/** Messages share one slot: presses on until this one stands in it. */
export async function bring(page: Page, message: Locator): Promise<void> {
  const next = page.getByRole('button', { name: /^Message \d of \d: next$/ });
  await expect(async () => {
    if (!(await message.isVisible())) await next.click({ timeout: 2000 });
    await expect(message).toBeVisible({ timeout: 1000 });
  }).toPass();
}

/** What is done with files and links stands in one menu. */
export async function pressInFileMenu(page: Page, name: string): Promise<void> {
  await page.getByText('File', { exact: true }).click();
  await page.locator('.file-menu').getByRole('button', { name, exact: true }).click();
}

/** The button of a view in the header. */
export const view = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });

declare global {
  interface Window {
    /** Events of the engine since the page was opened. */
    heard?: TrainerEvent[];
  }
}

export type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** What must not happen while a page is open. */
export interface Watch {
  problems: string[];
}

/** Errors on the console, exceptions, failed requests and requests to anywhere but this server. */
export function watch(page: Page): Watch {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // A browser without WebGPU says so; what needs it fails by itself.
    if (message.text() === 'No available adapters.') return;
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left breaks off what it still fetches; what a policy or the network refuses has other words.
    const why = request.failure()?.errorText ?? 'no reason';
    if (why !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} (${why})`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost') problems.push(`left localhost: ${request.url()}`);
  });
  return { problems };
}

/** @param address the page's, from its folder on or whole */
export async function openStudio(page: Page, address = SMALL_RUN): Promise<Watch> {
  const watched = watch(page);
  await page.goto(address.startsWith('http') ? address : `./${address}`);
  await page.evaluate(() => {
    const heard = (window.heard = window.heard ?? []);
    window.cutpoint?.client.subscribe((event) => heard.push(event));
  });
  return watched;
}

/** Opens a page and waits until its engine is ready to train. */
export async function openReady(page: Page, address = SMALL_RUN): Promise<Watch> {
  const watched = await openStudio(page, address);
  await untilReady(page);
  return watched;
}

/** Waits for the engine to be at rest: weights loaded, nothing evaluated any more. */
export async function untilReady(page: Page): Promise<void> {
  await expect
    .poll(() => events(page, 'evaluation').then((all) => all.length), { timeout: 120_000 })
    .toBeGreaterThan(0);
  await untilState(page, 'paused');
}

export async function untilState(page: Page, wanted: NonNullable<StudioState['runState']>): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().runState)).toBe(wanted);
}

export async function untilUpdates(page: Page, count: number): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => window.cutpoint?.store.getState().update), { timeout: 240_000 })
    .toBeGreaterThanOrEqual(count);
}

/** One update more, which is to be this one, and rest. */
export async function step(page: Page, update: number): Promise<void> {
  await button(page, 'Step').click();
  await untilUpdates(page, update);
  await untilState(page, 'paused');
}

/** Until the browser keeps the run as it was after an update. */
export async function untilSaved(page: Page, update: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().savedUpdate)).toBe(update);
}

/** Which updates the page holds of what is on screen, and whether that is recorded. */
export const shown = (page: Page) =>
  page.evaluate(() => {
    const studio = window.cutpoint;
    const state = studio?.store.getState();
    return {
      recorded: state?.recording !== null,
      update: state?.update,
      updates: studio?.history.all.map((row) => row.update),
      batches: studio?.batches.all.map(({ batch }) => batch.update),
      evaluations: state?.evaluations.map(({ update }) => update),
    };
  });

export async function events<T extends TrainerEvent['type']>(page: Page, type: T): Promise<EventOf<T>[]> {
  const all = await page.evaluate(
    (wanted) =>
      (window.heard ?? [])
        // Arrays and bytes do not survive the way out of the page, and nobody asks for them.
        .filter((event) => event.type === wanted && event.type !== 'trajectories')
        .map((event) => ('bytes' in event ? { ...event, bytes: new ArrayBuffer(0) } : event)),
    type,
  );
  return all.filter((event): event is EventOf<T> => event.type === type);
}

/** The engine's hash of the weights after the last whole update. */
export async function weights(page: Page): Promise<{ update: number; weightsHash: string }> {
  return page.evaluate(
    () =>
      new Promise<{ update: number; weightsHash: string }>((resolve) => {
        const studio = window.cutpoint;
        if (!studio) throw new Error('The page has no studio.');
        const stop = studio.client.subscribe((event) => {
          if (event.type !== 'checkpoint') return;
          stop();
          resolve({ update: event.update, weightsHash: event.weightsHash });
        });
        studio.client.send({ type: 'checkpoint' });
      }),
  );
}
