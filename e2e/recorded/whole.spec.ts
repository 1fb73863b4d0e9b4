/** A rollout word for word, and a link to it that another page opens. */
import { expect } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { given, openFile } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio, region, status, trajectories } from '../lib/studio';

const NAME = 'a_file_of_rollouts_with_a_long_name_step_00012.jsonl';
const line = (k: number) =>
  JSON.stringify({
    ...{
      prompt: `Question: Where was author ${k} born?`,
      golden_answers: [`City${k}`],
      step: 10 + (k & 1),
      score: 1.0,
    },
    completion: `<think>Hm.</think><search>author ${k}</search><information>Doc 1(Title: "T") Born in City${k}. <img src=x onerror="document.title='no'"></information><answer>City${k}</answer>`,
  });
const FILE = Array.from({ length: 6 }, (_, k) => line(k)).join('\n');

test('shows a whole trajectory to copy, and a link that asks for the file and selects its row', async ({
  page,
  context,
}) => {
  await openStudio(page, '');
  await openFile(page, NAME, FILE);
  // It closes the example, is named in the header, and says by what its evidence is judged.
  const inspector = region(page, 'Inspector');
  await expect(inspector).toContainText('Born in City');
  await expect(status(page)).not.toContainText('RECORDED');
  await status(page)
    .getByRole('button', { name: `File ${NAME}` })
    .click();
  await expect(page.getByRole('dialog', { name: 'Name of the file' })).toHaveText(NAME);
  await page.keyboard.press('Escape');
  await expect(region(page, 'Questions and filter')).toContainText('holds a right answer word for word');
  await button(page, 'Key').click();
  const list = region(page, 'Trajectories');
  await expect(list).toContainText('holds a right answer word for word');
  await expect(list).not.toContainText('rumour');
  await expect(list).not.toContainText('saved');

  await trajectories(page).getByRole('button', { name: /City4/ }).first().click();
  await button(page, 'Whole trajectory').click();
  const drawer = region(page, 'Whole trajectory');
  await expect(drawer.getByRole('listitem')).toHaveText([
    /^user prompt/,
    /^assistant written by the model.*call<search>author 4<\/search>results, written by the environment<information>.*<img/s,
  ]);
  expect(await violationsInBothThemes(page, '.drawer')).toEqual([]);
  await drawer.getByRole('tab', { name: 'Messages' }).press('ArrowRight');
  await expect(drawer.getByRole('tabpanel')).toContainText('Question: Where was author 4 born?');
  await page.keyboard.press('ArrowRight');
  await expect(drawer.getByRole('tab', { name: 'Raw' })).toBeFocused();
  await expect(drawer.getByRole('tabpanel')).toContainText('"score": 1');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await button(page, 'Copy line').click();
  await expect(drawer.getByText('Copied')).toBeVisible();
  expect(await clipboard()).toBe(line(4));
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('blocked'))));
  await button(page, 'Copy line').click();
  await expect(drawer).toContainText('Copying is blocked here: the text is selected');
  expect(await page.evaluate(() => window.getSelection()?.toString())).toContain('"score": 1');
  expect(await page.title()).not.toBe('no');
  await page.evaluate(() => Reflect.deleteProperty(navigator.clipboard, 'writeText'));
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await page.getByRole('searchbox').fill('City4');
  await button(page, 'Copy link').click();
  await expect(page.getByRole('status').filter({ hasText: 'send the file too' })).toBeVisible();

  const other = await context.newPage();
  await openStudio(other, await clipboard());
  const asked = region(other, 'A file that the link needs');
  await expect(asked).toContainText(`row 3 of a file of rollouts: ${NAME}`);
  const give = (content: string) => other.getByLabel('Files to open').setInputFiles(given(NAME, content));
  await give(FILE.replace('City0', 'City9'));
  const bar = region(other, 'Recorded trajectories');
  await expect(bar).toContainText('another file than the link was made with, though it has the same name');
  const [chooser] = await Promise.all([
    other.waitForEvent('filechooser'),
    button(other, 'Open the link’s file').click(),
  ]);
  await chooser.setFiles(given(NAME, FILE));
  await expect(bar).not.toContainText('another file');
  await expect(other.getByRole('searchbox')).toHaveValue('City4');
  await expect(region(other, 'Inspector')).toContainText('Its answerCity4');
  await expect(region(other, 'Inspector').getByRole('button', { name: '2 answer' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await button(other, 'Back to the run').click();
  await expect(bar).toBeHidden();
  await other.close();
});
