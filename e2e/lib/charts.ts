import { expect, type Page } from '@playwright/test';
import { region } from './studio';

const TITLES = [
  'Exact match',
  'Reward',
  'Evidence',
  'Reviews',
  'KL to the base',
  'Entropy',
  'Clipped',
  'Cut position',
  'Equal groups',
  'Speed',
];

/** Update, metric and the value's whole text, which is empty where there is none. */
type ChartNumber = [update: number, metric: string, value: string];

/** The numbers in the tables behind all charts of Studio, each with so many updates. */
export async function chartNumbers(page: Page, updates: number): Promise<ChartNumber[]> {
  const charts = region(page, 'Charts');
  await charts.locator('summary', { hasText: 'Diagnostics' }).click();
  await expect(charts.getByRole('button', { name: /^Table of/ })).toHaveCount(TITLES.length);
  const all: ChartNumber[] = [];
  for (const title of TITLES) {
    await charts.getByRole('button', { name: `Table of ${title}` }).click();
    const table = charts.getByRole('group', { name: `Numbers of ${title}` });
    // They are redrawn one after the other.
    await expect(table.locator('tbody tr')).toHaveCount(updates);
    const cells = await table
      .locator('td[data-metric]')
      .evaluateAll((found) =>
        found.map((cell): ChartNumber => [
          Number(cell.parentElement?.querySelector('th')?.textContent),
          cell.getAttribute('data-metric') ?? '',
          cell.getAttribute('data-value') ?? '',
        ]),
      );
    expect(cells.length, title).toBeGreaterThanOrEqual(updates);
    all.push(...cells);
  }
  return all;
}
