import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

interface Extent {
  /** All rules where none are named. */
  rules?: string[];
  /** A part of the page, by selector. */
  within?: string;
}

/**
 * What axe finds wrong with the page as it is now. Without motion, as what fades in has not its colours yet: an update that
 * comes on screen while axe looks would be told as too pale.
 */
export async function violations(page: Page, { rules, within }: Extent = {}): Promise<string[]> {
  // The mode that opens no page of its own for the report, which only frames of other origins need.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (rules !== undefined) axe.withRules(rules);
  if (within !== undefined) axe.include(within);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Themes differ by their colours alone. */
export async function violationsInBothThemes(page: Page, within?: string): Promise<string[]> {
  const part = within === undefined ? {} : { within };
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, { ...part, rules: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...(await violations(page, part)), ...dark.map((text) => `dark, ${text}`)];
}
