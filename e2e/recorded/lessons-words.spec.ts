/** Lessons in a language whose words are twice as long: the page is built anew with every word doubled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { build, type Plugin } from 'vite';
import { LESSON_IDS } from '../../src/lessons/ids';
import { advance, toStart } from '../lib/lesson-places';
import { test } from '../lib/recorded';
import { hostUnder, type StaticHost } from '../lib/static-host';
import { openStudio } from '../lib/studio';

/** Every word of a text twice; places for numbers, and where links lead, stay. */
const TWICE = String.raw`const twice = (text) => text.replace(/\{[\w-]+\}|\]\([^)]*\)|\p{L}+/gu, (part) => /^\p{L}/u.test(part) ? part + part.toLowerCase() : part);`;

/** All words of the lessons come through \`fill\`, and those of the glossary through \`plain\`. */
function wordsTwice(): Plugin {
  const edit = (code: string, from: string, to: string): string => {
    if (!code.includes(from)) throw new Error(`"${from}" stands no longer where words are read.`);
    return `${TWICE}\n${code.replace(from, to)}`;
  };
  return {
    name: 'words-twice',
    enforce: 'pre',
    transform(code, id) {
      if (id.endsWith('src/lessons/fill.ts')) return edit(code, 'text.replace(', 'twice(text).replace(');
      if (id.endsWith('src/ui/terms/glossary.ts')) return edit(code, 'plain(sentences.join', 'twice(sentences.join');
      return null;
    },
  };
}

/** Text that reaches out of the page, out of its own box, or under an edge that cuts it off. */
function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const SLACK = 1;
    const found = new Set<string>();
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.add(`the page is ${String(scrollWidth - clientWidth)} px too wide`);
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || (node.textContent ?? '').trim() === '') continue;
      if (parent.closest('.visually-hidden, [hidden], option, style') !== null || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      if (text.width === 0) continue;
      const said = `“${(node.textContent ?? '').slice(0, 40)}” in ${parent.tagName.toLowerCase()}.${parent.classList.value}`;
      const scroller = parent.closest('.lesson-picture');
      const within = scroller !== null && getComputedStyle(scroller).overflowX === 'auto';
      if (!within && (text.right > innerWidth + SLACK || text.left < -SLACK)) found.add(`${said} leaves the screen`);
      // Numbers on an axis stand half beyond its end.
      if (!/\p{L}/u.test(said.slice(1, said.indexOf('”')))) continue;
      // A picture that is too narrow for its tables scrolls by itself.
      let scrolls = within;
      for (let box: Element | null = parent; box !== null && box.tagName !== 'MAIN'; box = box.parentElement) {
        const { display, overflowX, overflowY } = getComputedStyle(box);
        if (display === 'inline' || display === 'contents' || box.tagName === 'text' || box.tagName === 'g') continue;
        const { left, right, top, bottom } = box.getBoundingClientRect();
        if (!scrolls && (text.right > right + SLACK || text.left < left - SLACK)) {
          found.add(`${said} leaves ${box.tagName.toLowerCase()}.${box.classList.value}`);
        }
        if (overflowY !== 'visible' && (text.bottom > bottom + SLACK || text.top < top - SLACK)) {
          if (overflowY === 'hidden' || overflowY === 'clip') found.add(`${said} is cut off in ${box.classList.value}`);
        }
        scrolls ||= overflowX === 'auto' || overflowX === 'scroll';
      }
    }
    return [...found];
  });
}

let folder: string;
let host: StaticHost;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutpoint-words-'));
  const output = { outDir: folder, emptyOutDir: true };
  await build({ configFile: 'vite.config.ts', logLevel: 'error', plugins: [wordsTwice()], build: output });
  host = await hostUnder('/twice/', folder);
});
test.afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

for (const [width, height] of [
  [390, 844],
  [1280, 720],
] as const) {
  test(`every step of every lesson has room for words twice as long at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const { problems } = await openStudio(page, `${host.url}#v1&view=lessons`);
    await expect(page.getByRole('heading', { name: 'Lessonslessons' })).toBeVisible();
    const found = (await overflows(page)).map((what) => `list: ${what}`);
    for (const lesson of LESSON_IDS) {
      await page.goto(`${host.url}#v1&view=lessons&lesson=${lesson}`);
      await expect(page.locator('.lesson-step')).toContainText('Stepstep 1');
      await toStart(page);
      let place = 0;
      do {
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
        const step = (await page.locator('.lesson-step').textContent()) ?? '';
        found.push(...(await overflows(page)).map((what) => `${lesson}, ${step}: ${what}`));
        place++;
      } while (await advance(page));
      expect(place, lesson).toBeGreaterThan(8);
    }
    // An entry of the glossary opens beside its sign.
    await toStart(page);
    await page.locator('.lesson-text [data-term]').first().click();
    const entry = page.locator('.term-popover');
    await expect(entry).toContainText(/(\p{L}{4,})\1/iu);
    const box = await entry.evaluate((shown) => {
      const { left, right } = shown.getBoundingClientRect();
      return { left, right, hidden: shown.scrollWidth - shown.clientWidth };
    });
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.right).toBeLessThanOrEqual(width);
    expect(box.hidden).toBeLessThanOrEqual(0);
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });
}
