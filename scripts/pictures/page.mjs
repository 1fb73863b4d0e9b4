/** The page as a picture wants it: small runs that every machine repeats, and a pointer that screenshots would not show. */

/** Tiny, on the shipped weights, and without evaluations but the first one unless they are asked for. */
export const smallRun = ({ seed, prompts, groupSize, evalEvery = 0 }) =>
  `#v1&preset=search-r2&world=microwiki&seed=${seed}&size=tiny&prompts=${prompts}&groupSize=${groupSize}` +
  `&evalEvery=${evalEvery}&evalQuestions=${evalEvery > 0 ? 64 : 8}`;

/** Until a number of the page's state has come so far, or another value is this one. */
export const untilState = (page, key, value) =>
  page.waitForFunction(
    ([told, wanted]) => {
      const now = globalThis.cutpoint?.store.getState()[told];
      return typeof wanted === 'number' ? now >= wanted : now === wanted;
    },
    [key, value],
    { timeout: 300_000 },
  );

export const untilUpdate = (page, update) => untilState(page, 'update', update);

/** Opens a run and waits until it is at rest after so many updates of one step each. */
export async function openAt(page, url, update) {
  await page.goto(url);
  // The engine evaluates the weights that it begins with. The example on screen has evaluations of its own.
  await page.evaluate(() => {
    globalThis.cutpoint.client.subscribe(({ type }) => (globalThis.evaluated ||= type === 'evaluation'));
  });
  await page.waitForFunction(() => globalThis.evaluated, undefined, { timeout: 300_000 });
  await untilState(page, 'runState', 'paused');
  for (let done = 1; done <= update; done += 1) {
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await untilUpdate(page, done);
    await untilState(page, 'runState', 'paused');
  }
}

/** Puts a row of the newest update on the bench of Cut Lab, with the sweep of its cuts. */
export async function openInCutLab(page, row) {
  await page.evaluate((chosen) => {
    globalThis.cutpoint.store.setState({ selection: { row: chosen, side: 'final', step: 1 } });
  }, row);
  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  const lab = page.getByRole('region', { name: 'Cut Lab', exact: true });
  await lab.getByText('n = 16').waitFor();
  return lab;
}

/** Where the scissors are when they stand before a step. */
export async function placeOfScissors(lab, step) {
  const track = await lab.locator('.scissors-track').boundingBox();
  const steps = Number(await lab.getByRole('slider', { name: 'Your cut' }).getAttribute('aria-valuemax'));
  return { x: track.x + Math.max(2, (track.width * (step - 1)) / steps), y: track.y + track.height / 2 };
}

/** An arrow at a place of the window; moved by being called again, and gone where there is no place. */
export async function showPointer(page, place) {
  await page.evaluate((at) => {
    const { document } = globalThis;
    const name = 'picture-pointer';
    let arrow = document.getElementById(name);
    if (at === null) return arrow?.remove();
    if (arrow === null) {
      const make = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
      const path = make('path');
      arrow = make('svg');
      arrow.append(path);
      arrow.id = name;
      arrow.setAttribute('viewBox', '0 0 16 24');
      path.setAttribute('d', 'M1 1v18l4.6-4.2 2.9 7 3-1.3-2.9-6.8H15z');
      Object.assign(path.style, { fill: '#111', stroke: '#fff', strokeWidth: '1.4' });
      Object.assign(arrow.style, {
        position: 'fixed',
        width: '18px',
        height: '27px',
        zIndex: 9,
        pointerEvents: 'none',
      });
      document.body.append(arrow);
    }
    Object.assign(arrow.style, { left: `${at.x}px`, top: `${at.y}px` });
  }, place);
}
