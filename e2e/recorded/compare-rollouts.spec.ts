/** A researcher's second question about a file of rollouts: each within two clicks of the opened file. */
import { expect, type Locator, type Page } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { openFile } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio, region, trajectories } from '../lib/studio';

const STEPS = [10, 20, 30, 40, 50];
const search = (query: string, found: string) =>
  `<think>Look for ${query}.</think><search>${query}</search><information>Doc 1(Title: "T") ${found}</information>`;

/** 200 rollouts: five steps of ten questions, four answers to each, of which more are right with every step. */
function rollouts({ gold = true, shift = 0 } = {}): string {
  const lines = STEPS.flatMap((step, s) =>
    Array.from({ length: 40 }, (_, k) => {
      const [author, place] = [k >> 2, `City${k >> 2}`];
      const right = k % 4 < s && author !== shift;
      const completion = right
        ? `${search('author', 'By somebody.')}${search('birthplace', `Born in ${place}.`)}<answer>${place}</answer>`
        : `${search('author', 'By somebody.')}<answer>Portland</answer>`;
      const question = `Where was author ${author} born?`;
      return JSON.stringify({
        ...{ question, step, completion, reward: right ? 1 : 0 },
        ...(gold ? { golden_answers: [place] } : {}),
      });
    }),
  );
  return lines.join('\n');
}

async function openRollouts(page: Page, text = rollouts()): Promise<void> {
  await openStudio(page, '');
  await openFile(page, 'train.jsonl', text);
  await expect(region(page, 'Recorded trajectories')).toContainText('200 trajectories of 50 groups');
  await expect(region(page, 'Inspector')).toContainText('Portland');
  await page.evaluate(() => {
    document.documentElement.dataset['clicks'] = '0';
    window.addEventListener(
      'click',
      ({ detail, isTrusted }) => {
        const { dataset } = document.documentElement;
        if (isTrusted && detail > 0) dataset['clicks'] = String(Number(dataset['clicks']) + 1);
      },
      true,
    );
  });
}

/** What a person pressed since the file was opened. */
const clicks = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.documentElement.dataset['clicks'] ?? NaN));

const rowsOf = (table: Locator): Promise<string[][]> =>
  table.evaluate((element) =>
    [...element.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent.trim())),
  );

test('draws what a file has over its steps, and a click lists a step', async ({ page }) => {
  await openRollouts(page);
  const panel = region(page, 'Training steps');
  for (const title of ['Reward', 'Exact match', 'Searches', 'Length', 'Equal rewards']) {
    await expect(panel.getByRole('figure', { name: title, exact: true })).toContainText('step 50');
  }
  const plot = panel.getByRole('slider', { name: /^Exact match/ });
  await expect(plot).toHaveAttribute('aria-valuetext', 'step 50: final 0.900');
  await plot.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(plot).toHaveAttribute('aria-valuetext', 'step 40: final 0.675');
  const box = await plot.boundingBox();
  if (!box) throw new Error('The chart is not drawn.');
  // The third of five steps stands in the middle, between the axis and the edge.
  await plot.click({ position: { x: 48 + (box.width - 60) / 2, y: box.height / 2 } });
  await expect(page.getByRole('combobox', { name: 'Training step' })).toHaveValue('30');
  await expect(region(page, 'Questions and filter')).toContainText('40 listed');
  expect(await clicks(page)).toBe(1);
});

test('lists one question at all steps, and puts two rollouts side by side', async ({ page }) => {
  await openRollouts(page);
  await trajectories(page)
    .getByRole('button', { name: /Portland/ })
    .nth(5)
    .click();
  await button(page, 'This question at other steps').click();
  const answers = region(page, 'Answers to one question');
  await expect(answers).toContainText('Where was author 1 born?');
  await expect(answers).toContainText('20 answers in the file');
  expect(await clicks(page)).toBe(2);
  const rows = await rowsOf(answers.getByRole('table'));
  expect(rows.filter((cells) => cells.length === 2)).toEqual(STEPS.map((step, s) => [String(step), `${s} of 4 right`]));
  const told = rows.map((cells) => cells.slice(1, 5));
  expect(told).toContainEqual(['Portland', '0', '0.00', '1']);
  expect(told).toContainEqual(['City1', '1', '1.00', '2']);
  expect(await violationsInBothThemes(page, '.drawer')).toEqual([]);

  await answers.getByRole('button', { name: 'Compare with step 50, rollout 1' }).click();
  const pair = region(page, 'Two trajectories');
  await expect(pair).toContainText('They part at step 2: before it they ask and find the same.');
  const facts = pair.getByRole('group', { name: 'What differs' });
  await expect(facts.getByRole('row', { name: /^answer/ })).toContainText('differs');
  await expect(facts.getByRole('row', { name: /^exact match/ })).toHaveText(/01≠differs/);
  await expect(pair.getByRole('region', { name: 'B: step 50, rollout 1' })).toContainText('Born in City1.');
  expect(await violationsInBothThemes(page, '.drawer')).toEqual([]);
  await button(page, 'Back to the list').click();
  await answers.getByRole('button', { name: 'Go to step 50, rollout 1' }).click();
  await expect(answers).toBeHidden();
  await expect(region(page, 'Inspector')).toContainText('City1');
});

test('compares two rollouts by a press on each', async ({ page }) => {
  await openRollouts(page);
  await button(page, 'Compare with …').click();
  await trajectories(page)
    .getByRole('button', { name: /Portland/ })
    .nth(4)
    .click();
  await expect(region(page, 'Two trajectories')).toContainText('“Where was author 1 born?”');
  expect(await clicks(page)).toBe(2);
  await page.keyboard.press('Escape');
  await expect(region(page, 'Two trajectories')).toBeHidden();
});

test('compares two steps, and two files, by their numbers and by what changed', async ({ page }) => {
  await openRollouts(page);
  await button(page, 'Compare steps or files').click();
  const sets = region(page, 'Two steps or files');
  await expect(sets.getByRole('row', { name: /^exact match/ })).toHaveText('exact match0.0000.900+0.900');
  expect(await clicks(page)).toBe(1);
  const gained = sets.getByRole('list', { name: 'wrong → right' }).getByRole('button');
  await expect(gained).toHaveCount(9);
  await gained.first().click();
  expect(await clicks(page)).toBe(2);
  const pair = region(page, 'Two trajectories');
  await expect(pair.getByRole('row', { name: /^exact match/ })).toHaveText(/01≠differs/);
  await button(page, 'Back to the list').click();

  // The chooser opens with a click; what is chosen there is the system's.
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    sets.getByRole('button', { name: 'Another file …' }).click(),
  ]);
  await chooser.setFiles({ name: 'later.jsonl', mimeType: '', buffer: Buffer.from(rollouts({ shift: 3 })) });
  await expect(sets.getByRole('combobox', { name: 'Set B' })).toHaveValue('other all');
  await sets.getByRole('combobox', { name: 'Set A' }).selectOption('shown 50');
  await sets.getByRole('combobox', { name: 'Set B' }).selectOption('other 50');
  // Author 0 was never right in the first file, author 3 never is in the second.
  await expect(sets.getByRole('list', { name: 'right → wrong' })).toHaveText(/author 3 .*4 of 4 right → 0 of 4 right/);
  await expect(sets.getByRole('list', { name: 'wrong → right' })).toHaveText(/author 0 .*0 of 4 right → 4 of 4 right/);
  expect(await violationsInBothThemes(page, '.drawer')).toEqual([]);
});

test('says that exact match is unknown where a file names no right answer', async ({ page }) => {
  await openRollouts(page, rollouts({ gold: false }));
  const panel = region(page, 'Training steps');
  await expect(panel.getByRole('figure', { name: 'Exact match' })).toContainText('Unknown');
  await button(page, 'Compare steps or files').click();
  const sets = region(page, 'Two steps or files');
  await expect(sets.getByRole('row', { name: /^exact match/ })).toHaveText('exact matchunknownunknown');
  // The rewards are there, and decide.
  await expect(sets.getByRole('list', { name: 'reward rose' }).getByRole('button')).toHaveCount(9);
});
