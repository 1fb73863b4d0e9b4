/** The pictures of docs/guide, each with the size of its window and how it is taken. */
import { Buffer } from 'node:buffer';
import { openAt, openInCutLab, smallRun, untilState, untilUpdate } from './page.mjs';
import { exampleFacts, exampleRollouts } from './files.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const region = (page, name) => page.getByRole('region', { name, exact: true });
const view = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name });
const give = (page, name, text) =>
  page.getByLabel('Files to open').setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) });

/** A run that trains while the screen holds an older update. */
const studio = {
  size: { width: 1440, height: 1140 },
  async take(page, address) {
    const run = smallRun({ seed: 1, prompts: 8, groupSize: 8, evalEvery: 5 });
    await openAt(page, `${address}${run}&update=7&row=4&side=final&step=2`, 0);
    await button(page, 'Dismiss').click();
    await button(page, 'Play').click();
    await untilUpdate(page, 12);
    return page.screenshot();
  },
};

/** A draft, what the refiner made of it and a branch of one's own. */
const cutLab = {
  size: { width: 1440, height: 900 },
  async take(page, address) {
    await openAt(page, `${address}${smallRun({ seed: 1, prompts: 4, groupSize: 4 })}`, 3);
    const lab = await openInCutLab(page, 9);
    const scissors = lab.getByRole('slider', { name: 'Your cut' });
    await scissors.press('End');
    await scissors.press('ArrowLeft');
    await lab.getByRole('region', { name: 'Your branch' }).getByText('cut at step 4').waitFor();
    await scissors.blur();
    const [top, compare] = [await lab.boundingBox(), await lab.locator('.compare').boundingBox()];
    const height = compare.y + compare.height - top.y;
    return page.screenshot({ fullPage: true, clip: { x: top.x, y: top.y, width: top.width, height } });
  },
};

/** The same question in the world as it is, and where most passages that answer its first hop are false. */
const askIt = {
  size: { width: 1440, height: 900 },
  async take(page, address) {
    await openAt(page, `${address}${smallRun({ seed: 1, prompts: 8, groupSize: 8 })}`, 40);
    await view(page, 'Ask it').click();
    const ask = region(page, 'Ask it');
    const choose = (label, name) => ask.getByLabel(label).first().selectOption({ label: name });
    await ask.getByRole('checkbox').uncheck();
    await choose('start at', 'Ada');
    await choose('follow', 'works at');
    await choose('then', 'headquarters');
    await button(ask, 'Ask').click();
    await ask.getByRole('article').waitFor();
    await choose('Subject of the planted passage', 'Ada');
    await choose('Relation of the planted passage', 'works at');
    await choose('Object of the planted passage', 'Juniper Rail');
    await button(ask, 'Plant a passage').click();
    await choose('Rewrite: Ada works at', 'Juniper Rail');
    await button(ask, 'Ask').click();
    await ask.getByRole('article').nth(1).waitFor();
    return page.screenshot();
  },
};

const ownWorld = {
  size: { width: 1180, height: 820 },
  async take(page, address) {
    await openAt(page, `${address}${smallRun({ seed: 1, prompts: 4, groupSize: 4 })}`, 0);
    await give(page, 'fjord.csv', exampleFacts());
    await page.getByRole('dialog', { name: 'Your own world' }).getByText('Questions it asks').waitFor();
    return page.screenshot();
  },
};

/** A file of another trainer's rollouts in place of the run. */
const rollouts = {
  size: { width: 1440, height: 900 },
  async take(page, address) {
    await openAt(page, `${address}${smallRun({ seed: 1, prompts: 4, groupSize: 4 })}`, 0);
    await button(page, 'Close recording').click();
    await give(page, 'rollouts.jsonl', exampleRollouts());
    await region(page, 'Recorded trajectories').waitFor();
    await page.locator('.toast').waitFor({ state: 'hidden' });
    return page.screenshot();
  },
};

/** Two of its rollouts side by side: where they part, and what came of it. */
const compare = {
  size: { width: 1440, height: 900 },
  async take(page, address) {
    await openAt(page, `${address}${smallRun({ seed: 1, prompts: 4, groupSize: 4 })}`, 0);
    await button(page, 'Close recording').click();
    await give(page, 'rollouts.jsonl', exampleRollouts());
    await region(page, 'Recorded trajectories').waitFor();
    await button(page, 'Compare steps or files').click();
    await region(page, 'Two steps or files')
      .getByRole('list', { name: 'wrong → right' })
      .getByRole('button')
      .first()
      .click();
    await region(page, 'Two trajectories').waitFor();
    await page.locator('.toast').waitFor({ state: 'hidden' });
    return page.screenshot();
  },
};

/** Two runs that this browser keeps. */
const files = {
  size: { width: 1180, height: 720 },
  async take(page, address) {
    for (const seed of [1, 2]) {
      await page.goto('about:blank');
      await openAt(page, `${address}${smallRun({ seed, prompts: 8, groupSize: 8 })}`, 3);
      await untilState(page, 'savedUpdate', 3);
    }
    await page.getByText('File', { exact: true }).click();
    await button(page, 'Runs').click();
    await region(page, 'Runs').getByText('Saved at update 3.').waitFor();
    return page.screenshot();
  },
};

/** The page inside another one. */
const hosting = {
  size: { width: 1180, height: 820 },
  async take(page, address) {
    const run = `${smallRun({ seed: 1, prompts: 4, groupSize: 4 })}&embed=1`;
    const body = `<style>body { font: 17px/1.5 system-ui; margin: 24px auto; max-width: 1100px }
      iframe { width: 100%; height: 620px; border: 1px solid #ccc }</style>
      <h1>Searching before answering</h1><p>Below, a small model learns to search. Press Play.</p>
      <iframe src="./${run}"></iframe>`;
    await page.route('**/article.html', (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto(`${address}article.html`);
    await page.frameLocator('iframe').getByText('saved by a cut').waitFor();
    return page.screenshot();
  },
};

export const STILLS = {
  studio,
  'cut-lab': cutLab,
  'ask-it': askIt,
  'own-world': ownWorld,
  rollouts,
  compare,
  files,
  hosting,
};
