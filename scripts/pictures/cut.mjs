/** The animation of the README: a cut that is made by hand in Cut Lab, on a run that this script trains. */
import { openAt, openInCutLab, placeOfScissors, showPointer, smallRun } from './page.mjs';

/** The refiner cut this draft before its wrong answer, in vain; cut at 2 it finds what it missed. */
const RUN = { seed: 4, prompts: 8, groupSize: 4 };
const UPDATE = 9;
const ROW = 25;
const FROM = 4;
const TO = 2;

/** Of the picture, which begins below the bar of the page. */
const picture = { width: 940, height: 800 };
const size = { width: 940, height: 1000 };

const between = (a, b, share) => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
/** Slow at both ends. */
const eased = (share) => share * share * (3 - 2 * share);
const shares = (count) => Array.from({ length: count }, (_, i) => eased((i + 1) / count));

/** @returns {Promise<{png: Buffer, ms: number}[]>} */
async function take(page, address) {
  await openAt(page, `${address}${smallRun(RUN)}`, UPDATE);
  const lab = await openInCutLab(page, ROW);
  await lab.getByRole('region', { name: 'Draft' }).waitFor();
  const scrollTo = (y) => page.evaluate((top) => globalThis.scrollTo(0, top), y);
  const yOf = async (part) => (await part.boundingBox()).y + (await page.evaluate(() => globalThis.scrollY));

  const { height: bar } = await page.locator('header').boundingBox();
  const frames = [];
  const frame = async (ms) => frames.push({ png: await page.screenshot({ clip: { x: 0, y: bar, ...picture } }), ms });
  const pointAt = async (place, ms) => {
    await page.mouse.move(place.x, place.y);
    await showPointer(page, place);
    await frame(ms);
  };

  const top = (await yOf(lab)) - bar - 8;
  await scrollTo(top);
  await frame(3500);
  const [from, to] = [await placeOfScissors(lab, FROM), await placeOfScissors(lab, TO)];
  const start = { x: picture.width * 0.8, y: bar + picture.height * 0.72 };
  for (const share of shares(8)) await pointAt(between(start, from, share), 50);
  await page.mouse.down();
  await frame(500);
  for (const share of shares(14)) await pointAt(between(from, to, share), 60);
  await frame(700);
  await page.mouse.up();
  const branch = lab.getByRole('region', { name: 'Your branch' });
  await branch.getByText(`cut at step ${TO}`).waitFor();
  if ((await branch.getByText('wrong').count()) > 0) {
    throw new Error(
      'The branch of the animation is wrong on this adapter: choose another row in scripts/pictures/cut.mjs.',
    );
  }
  await frame(1900);

  await showPointer(page, null);
  const compared = (await yOf(branch)) - bar - 10;
  for (const share of shares(9)) {
    await scrollTo(top + (compared - top) * share);
    await frame(50);
  }
  await frame(5000);
  return frames;
}

export const cut = { size, scale: 1, take };
