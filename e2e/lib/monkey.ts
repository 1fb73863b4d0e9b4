/**
 * Random actions of a person on the page, by what can be pressed, chosen or typed into, and what must hold after each of them.
 * A seed repeats the choices; what there is to choose from is the page's, so a run repeats as far as the page does.
 */
import type { Page } from '@playwright/test';

export interface MonkeyRun {
  /** What was done, in words, in order. */
  actions: string[];
  /** What did not hold, with the action after which it was seen; at most the first few. */
  faults: string[];
}

/** In one call into the page: between two of them its errors are asked for. */
const BATCH = 50;
const MAX_FAULTS = 10;

/** What a headless browser would show to nobody, and wait for. */
export async function withoutDialogs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const name of ['showSaveFilePicker', 'showOpenFilePicker', 'showDirectoryPicker']) {
      Reflect.deleteProperty(globalThis, name);
    }
    window.print = () => undefined;
  });
  page.on('download', (download) => void download.cancel());
  page.on('dialog', (dialog) => void dialog.dismiss());
  // Who asks for a file gets none, as from a person who changes their mind.
  page.on('filechooser', () => undefined);
}

/** @param problems what the page has thrown so far (watch of studio.ts) */
export async function letLoose(
  page: Page,
  { seed, count, problems }: { seed: number; count: number; problems: readonly string[] },
): Promise<MonkeyRun> {
  const run: MonkeyRun = { actions: [], faults: [] };
  for (let done = 0; done < count && run.faults.length < MAX_FAULTS; done += BATCH) {
    const known = problems.length;
    const batch = await page.evaluate(actAtRandom, { seed: seed + done, count: Math.min(BATCH, count - done) });
    run.actions.push(...batch.actions);
    run.faults.push(...batch.faults);
    const thrown = problems.slice(known);
    if (thrown.length > 0) run.faults.push(`${thrown.join('; ')}, in: ${batch.actions.join(' | ')}`);
  }
  return run;
}

/** In the page. Whole in itself: a function that is sent there takes nothing along. */
async function actAtRandom({ seed, count }: { seed: number; count: number }): Promise<MonkeyRun> {
  const KEYS = [
    'ArrowLeft',
    'ArrowRight',
    'ArrowUp',
    'ArrowDown',
    'Home',
    'End',
    'Escape',
    'Enter',
    ' ',
    '?',
    '/',
    'p',
  ];
  const TEXTS = ['', '0', '-1', '1e9', '7', 'country', 'zzz', '<b>&amp;', '=1+1', 'x'.repeat(400), '\u05d0\u202e'];
  const CHOOSABLE = 'button, a[href^="#"], input, select, textarea, summary, [tabindex="0"]';
  // Mulberry32: small, and enough to choose with.
  let state = seed * 2654435761;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const one = <T>(all: ArrayLike<T>): T | undefined => all[Math.floor(random() * all.length)];
  const isThere = (element: Element): boolean => element.isConnected && element.checkVisibility();
  const choosable = (): HTMLElement[] => {
    const modal = document.querySelector('dialog:modal');
    return [...(modal ?? document).querySelectorAll<HTMLElement>(CHOOSABLE)].filter(
      (element) =>
        isThere(element) &&
        // It loads the page anew, and this with it.
        element.textContent !== 'Try again' &&
        !element.matches(':disabled, [type=file], [aria-disabled=true]') &&
        element.closest('[inert]') === null,
    );
  };
  const nameOf = (element: Element): string => {
    const name = element.getAttribute('aria-label') ?? element.textContent.trim();
    return `${element.tagName.toLowerCase()} “${name.replace(/\s+/g, ' ').slice(0, 60)}”`;
  };
  /** As typed or moved by hand: React listens for the value of the element's own kind. */
  const give = (element: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, value: string): void => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value')?.set?.call(element, value);
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const act = (element: HTMLElement): string => {
    element.focus();
    if (element instanceof HTMLSelectElement) {
      const value = one(element.options)?.value ?? '';
      give(element, value);
      return `chooses ${value} in ${nameOf(element)}`;
    }
    if (element instanceof HTMLInputElement && element.type === 'range') {
      const [min, max] = [Number(element.min), Number(element.max)];
      const value = String(Math.round(min + random() * (max - min)));
      give(element, value);
      return `moves ${nameOf(element)} to ${value}`;
    }
    const isText = element instanceof HTMLInputElement && !['checkbox', 'radio'].includes(element.type);
    if (isText || element instanceof HTMLTextAreaElement) {
      const value = one(TEXTS) ?? '';
      give(element, value);
      return `types “${value.slice(0, 20)}” in ${nameOf(element)}`;
    }
    const words = `presses ${nameOf(element)}`;
    element.click();
    return words;
  };
  const key = (): string => {
    const name = one(KEYS) ?? 'Escape';
    const target = document.activeElement ?? document.body;
    for (const type of ['keydown', 'keyup']) {
      target.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
    }
    return `key ${name} on ${nameOf(target)}`;
  };
  const isEmpty = (): boolean => document.querySelector('main')?.textContent === '';
  const settled = async (): Promise<void> => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    // A part that is opened for the first time is fetched first.
    for (let wait = 0; wait < 300 && isEmpty(); wait += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  /** What the page says of itself must be what is so. */
  const lies = (): string[] => {
    const shown = window.cutpoint?.store.getState();
    if (shown === undefined) return ['the page is gone'];
    const found: string[] = [];
    const named = (name: string): HTMLButtonElement[] =>
      [...document.querySelectorAll('button')].filter(
        (button) => isThere(button) && (button.getAttribute('aria-label') ?? button.textContent.trim()) === name,
      );
    for (const name of ['Play', 'Pause', 'Step', 'Reset', 'Copy link']) {
      if (named(name).length > 1) found.push(`${name} more than once`);
    }
    if ([...named('Play'), ...named('Pause')].filter((button) => !button.disabled).length > 1) {
      found.push('it can be played and paused');
    }
    const views = { studio: 'Studio', cutLab: 'Cut Lab', ask: 'Ask it', lessons: 'Lessons' };
    const current = document.querySelector('nav[aria-label="Views"] [aria-current]');
    if (current !== null && !current.textContent.includes(views[shown.view])) {
      found.push(`the header says ${current.textContent}, the view is ${shown.view}`);
    }
    if (document.querySelectorAll('dialog:modal').length > 1) found.push('one dialog over another');
    if (isEmpty()) found.push('nothing is on the page');
    return found;
  };
  const run: MonkeyRun = { actions: [], faults: [] };
  for (let k = 0; k < count; k += 1) {
    const isKey = random() < 0.15;
    const element = isKey ? undefined : one(choosable());
    const words = element === undefined ? key() : act(element);
    run.actions.push(words);
    await settled();
    // By keyboard it would have had the focus: it must not be lost with what was pressed.
    const isLost = (): boolean => element !== undefined && document.activeElement === document.body;
    for (let wait = 0; wait < 200 && isLost(); wait += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (isLost()) {
      run.faults.push(`${words}: the focus is nowhere`);
    }
    for (const lie of lies()) run.faults.push(`${words}: ${lie}`);
  }
  return run;
}
