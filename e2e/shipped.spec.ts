import { expect, test } from '@playwright/test';
import { events, openStudio, untilState, untilUpdates } from './lib/studio';

for (const world of ['microwiki', 'atlas']) {
  test(`starts ${world} from the weights that ship, which already search`, async ({ page }) => {
    const { problems } = await openStudio(
      page,
      `#v1&preset=search-r2&world=${world}&seed=1&size=tiny&prompts=4&groupSize=4&evalQuestions=8`,
    );
    await untilState(page, 'paused');
    expect(await events(page, 'warmStart')).toEqual([]);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await untilUpdates(page, 1);
    const metrics = (await events(page, 'metrics'))[0]?.metrics;
    expect(metrics?.['searches']).toBeGreaterThan(0.5);
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Passages found');
    expect(problems).toEqual([]);
  });
}
