/** Every sign of the page explains itself where it stands, by mouse, finger and key. */
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { openExample, test } from '../lib/recorded';
import { button, region, view } from '../lib/studio';

/** Terms of the glossary and how they are written on the page. */
const WORDS = readFileSync('docs/glossary.md', 'utf8')
  .split(/^### /m)
  .slice(1)
  .flatMap((entry) => {
    const [term = '', ...lines] = entry.split('\n');
    const sign = lines.find((line) => line.startsWith('Sign: '));
    return [term, ...(sign?.slice('Sign: '.length).split(', ') ?? [])];
  });

/** Where a word of the glossary is explained by what stands beside it. */
const EXPLAINED_BESIDE = [
  // The filter that is chosen says below what it lists.
  '.filter-choice',
  // An explanation itself.
  '.row-key',
  // Its help stands under it.
  '.setting:has(p[id$="-help"])',
  // So does that of a choice of preset or of first weights.
  'label:has(input[type="radio"]):has(b ~ .small)',
];

/** Words of the glossary that stand as a label, and that neither a press nor anything beside them explains. */
async function unexplained(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ words, beside }) => {
      const known = new Set(words.flatMap((word) => [word.toLowerCase(), `${word.toLowerCase()}s`]));
      const explains = ['[data-term]', 'button', 'summary', 'a', ...beside].join();
      const unseen = 'option, script, style, .visually-hidden, .term-popover, [aria-hidden="true"]';
      return [...document.body.querySelectorAll('*')].flatMap((element) => {
        const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
        // A label with its number is a label: "update 40".
        const text = own.map(({ textContent }) => textContent).join('');
        const label = text
          .toLowerCase()
          .replaceAll(/[\d.,:]+/g, ' ')
          .trim();
        const seen = element.checkVisibility() && element.closest(unseen) === null;
        if (!seen || !known.has(label) || element.closest(explains) !== null) return [];
        const where = element.closest('section')?.getAttribute('aria-label') ?? 'the bar';
        return [`“${text.trim()}” in ${where}`];
      });
    },
    { words: WORDS, beside: EXPLAINED_BESIDE },
  );
}

/** What only a mouse that rests can read. */
async function onlyInTitles(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[title]')].flatMap((element) => {
      const { title, ariaLabel } = element;
      return title === '' || title === ariaLabel || document.body.textContent.includes(title) ? [] : [title];
    }),
  );
}

test('no word of the glossary stands unexplained on any view, and nothing stands in a title alone', async ({
  page,
}) => {
  const { problems } = await openExample(page);
  const check = async (where: string): Promise<void> => {
    expect(await unexplained(page), where).toEqual([]);
    expect(await onlyInTitles(page), where).toEqual([]);
  };
  // What the controls of the bar do is fetched when it is asked for.
  await page.getByLabel('Run a set number of updates').click();
  await expect(page.getByText('One update (.)')).toBeVisible();
  await page.keyboard.press('Escape');

  await button(page, 'Key').click();
  await button(page, 'Table of tokens').click();
  await expect(region(page, 'Inspector').getByRole('columnheader').first()).toBeVisible();
  await button(page, 'Breakpoints').click();
  const diagnostics = region(page, 'Charts').locator('summary', { hasText: 'Diagnostics' });
  await diagnostics.click();
  await expect(page.getByRole('figure', { name: 'Speed' })).toBeVisible();
  await check('Studio');
  for (const name of ['Cut Lab', 'Ask it', 'Lessons']) {
    await view(page, name).click();
    await expect(view(page, name)).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('main section').first()).toBeVisible();
    // What its cuts are worth is fetched.
    if (name === 'Cut Lab') await expect(region(page, name)).toContainText('regret');
    await check(name);
  }
  await button(page, 'Settings').click();
  await expect(region(page, 'Settings')).toBeVisible();
  await page.locator('.setting-group').evaluateAll((all) => all.forEach((group) => group.setAttribute('open', '')));
  await check('Settings');
  expect(problems).toEqual([]);
});

test('no word that explains itself is called as a button that acts', async ({ page }) => {
  await openExample(page);
  for (const name of ['Play', 'Pause', 'Step', 'Reset', 'Copy link'])
    await expect(button(page, name), name).toHaveCount(1);
});
