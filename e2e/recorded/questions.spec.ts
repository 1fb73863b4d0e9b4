/** What a researcher asks of a file of rollouts, each in at most two clicks on 200 of them. */
import { expect, type Locator, type Page } from '@playwright/test';
import { download, openFile, type GivenFile } from '../lib/files';
import { test } from '../lib/recorded';
import { ROLLOUT_FILE, ROLLOUTS, type MadeRollout } from '../lib/rollouts';
import { button, openStudio, region } from '../lib/studio';

const MOST_CLICKS = 2;

/** One question: its clicks are counted, and what they lead to is undone before the next. */
class Asking {
  private clicks = 0;

  constructor(readonly page: Page) {}

  async press(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  /** A press opens the choice, another one takes from it. */
  async choose(field: string, option: string): Promise<void> {
    this.clicks += 2;
    await this.page.getByRole('combobox', { name: field }).selectOption({ label: option });
  }

  async save(kind: string): Promise<GivenFile> {
    this.clicks += 1;
    return download(this.page, this.page.getByRole('button', { name: kind, exact: true }));
  }

  done(): void {
    expect(this.clicks).toBeGreaterThan(0);
    expect(this.clicks).toBeLessThanOrEqual(MOST_CLICKS);
    this.clicks = 0;
  }
}

const filter = (page: Page) => region(page, 'Questions and filter');
const value = (page: Page, facet: string, name: RegExp) =>
  filter(page).getByRole('group', { name: facet }).getByRole('button', { name });

/** The list, its count and what the chosen value promised are the same. */
async function expectListed(page: Page, fits: (row: MadeRollout) => boolean): Promise<void> {
  const number = ROLLOUTS.filter(fits).length;
  expect(number).toBeGreaterThan(0);
  await expect(filter(page)).toContainText(`${number} listed`);
}

test('answers a researcher’s questions in two clicks', async ({ page }) => {
  const { problems } = await openStudio(page, '');
  await openFile(page, 'rollouts.jsonl', ROLLOUT_FILE);
  await expect(region(page, 'Recorded trajectories')).toContainText('200 trajectories');
  const ask = new Asking(page);

  // How many searches, and which rows have so many.
  await ask.press(value(page, 'Searches', /^3 /));
  await expectListed(page, ({ searches }) => searches === 3);
  ask.done();
  // Of these the ones that a limit of length ended: both filters hold, and the counts say so before they are pressed.
  const cut = ROLLOUTS.filter(({ searches, truncated }) => searches === 3 && truncated).length;
  await expect(value(page, 'Ended', /^truncated/)).toHaveText(`truncated ${cut}`);
  await ask.press(value(page, 'Ended', /^truncated/));
  await expectListed(page, ({ searches, truncated }) => searches === 3 && truncated);
  ask.done();
  // The same of one training step: the filters survive.
  await ask.choose('Training step', 'step 20');
  await expectListed(page, ({ searches, truncated, step }) => searches === 3 && truncated && step === 20);
  ask.done();
  await page.getByRole('combobox', { name: 'Training step' }).selectOption('all');
  await value(page, 'Ended', /^truncated/).click();
  await value(page, 'Searches', /^3 /).click();
  await expect(filter(page)).toContainText('200 listed');

  // The longest first; the shortest; the latest step.
  const first = page.getByRole('group', { name: 'List of trajectories' }).locator('> ol > li').first();
  await ask.choose('Sort by', 'searches, most first');
  await expect(first).toContainText('try 4');
  ask.done();
  await ask.choose('Sort by', 'length, shortest first');
  await expect(first).not.toContainText('try 1');
  ask.done();
  await ask.choose('Sort by', 'training step, latest first');
  await expect(first).toContainText('step 40');
  ask.done();
  await ask.choose('Sort by', 'length, longest first');
  await expect(first).toContainText('try 4');
  ask.done();

  // What a file without reviews cannot have is not offered.
  await expect(filter(page).getByRole('radio', { name: /^(saved|harmed|wasted|missed|lucky)/ })).toHaveCount(0);
  await ask.press(filter(page).getByRole('radio', { name: /^answer not in its passages/ }));
  await expectListed(page, ({ grounded }) => grounded === false);
  ask.done();

  await filter(page).getByRole('radio', { name: /^all/ }).check();

  // Where they go wrong: each bar is a filter.
  const faults = region(page, 'Where they go wrong');
  await expect(region(page, 'Refiner board')).toHaveCount(0);
  await ask.press(faults.getByRole('group', { name: 'First search' }).getByRole('button', { name: /^step 2/ }));
  await expectListed(page, ({ useless }) => useless === 2);
  ask.done();
  await ask.press(value(page, 'First search', /^step 2/));
  await expect(filter(page)).toContainText('200 listed');
  ask.done();
  await ask.press(faults.getByRole('button', { name: /^not in its passages/ }));
  await expectListed(page, ({ grounded }) => grounded === false);
  ask.done();

  // What is listed as a table, in the order of the list.
  await ask.press(page.getByText('File', { exact: true }));
  await expect(page.getByRole('checkbox', { name: 'Only what is listed' })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Checkpoint' })).toHaveCount(0);
  const csv = await ask.save('Trajectories (CSV)');
  expect(csv.name).toBe('rollouts-listed.csv');
  const ungrounded = ROLLOUTS.filter(({ grounded }) => grounded === false).length;
  expect(csv.buffer.toString().trimEnd().split('\r\n')).toHaveLength(1 + ungrounded);
  ask.done();
  expect(problems).toEqual([]);
  await button(page, 'Back to the run').click();
});
