/** The dialog of one's own facts: they are read without an engine, which only a run on them needs. */
import { expect } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { given, drop } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio, region } from '../lib/studio';
import { FACTS } from '../lib/facts';

test('facts of one’s own are checked line by line and previewed', async ({ page }) => {
  const { problems } = await openStudio(page, '');
  await button(page, 'Settings').click();
  await region(page, 'Settings').getByLabel('World', { exact: true }).selectOption('make');
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await expect(dialog).toContainText('Training needs WebGPU');
  await expect(button(page, 'Train on it')).toBeDisabled();

  // Every problem by its line.
  await dialog.getByRole('textbox', { name: 'Facts' }).fill(`${FACTS}\nlost, words\n\n, empty, name`);
  await expect(dialog).toContainText('2 problems');
  await expect(dialog).toContainText('Line 23: 2 columns instead of 3.');
  await expect(dialog).toContainText('Line 25: a column is empty.');

  // The same by a file.
  await dialog.getByLabel('File of facts').setInputFiles(given('people.csv', FACTS));
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('people');
  await expect(dialog).toContainText('21 facts, 24 entities of 4 types');
  await expect(dialog.getByRole('row')).toHaveCount(11);
  await expect(dialog.getByRole('table')).toContainText('What is the anthem of the country of the city of Person 0?');

  // A relation that the rules cannot read gets a phrase, which the questions show at once.
  await dialog.getByRole('textbox', { name: 'Facts' }).fill(FACTS.replaceAll('city', 'grumpf in'));
  await expect(dialog).toContainText('What is the “grumpf in” of Person 0? Reads badly');
  const phrase = dialog.getByRole('textbox', { name: 'grumpf in' });
  await phrase.fill('was born in');
  await expect(dialog).toContainText('Where was Person 0 born?');
  await expect(dialog).not.toContainText('Reads badly');
  await expect(phrase).toBeFocused();
  await expect(dialog.getByRole('textbox', { name: 'Facts' })).toHaveValue(/^# phrase: grumpf in = was born in\n/);
  expect(await violationsInBothThemes(page, 'dialog')).toEqual([]);
  expect(problems).toEqual([]);
});

test('a file of facts that is dropped opens the dialog', async ({ page }) => {
  await openStudio(page, '');
  await drop(page, 'dropped.tsv', FACTS.replaceAll(',', '\t'));
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('dropped');
  await expect(dialog).toContainText('21 facts');

  // Another column changes places with the one that had it, and stands in the text.
  await expect(dialog.getByRole('combobox', { name: 'Relation' })).toHaveValue('2');
  await dialog.getByRole('combobox', { name: 'Relation' }).selectOption('3');
  await expect(dialog.getByRole('textbox', { name: 'Facts' })).toHaveValue(/^# columns: 1 3 2\n/);
  await expect(dialog.getByRole('combobox', { name: 'Object' })).toHaveValue('2');
});

test('of a graph that is too large a part is taken', async ({ page }) => {
  await openStudio(page, '');
  const facts = Array.from({ length: 3000 }, (_, i) => `e${i + 1}\tr\te${Math.floor(i / 2)}`);
  await drop(page, 'large.tsv', facts.join('\n'));
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await expect(dialog).toContainText('too large for a world');
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('7');
  await button(page, 'Take a part').click();
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('large part 7');
  await expect(dialog).toContainText('1,999 facts, 2,000 entities');
  expect(await violationsInBothThemes(page, 'dialog')).toEqual([]);
});
