/**
 * What is pressed may be gone by that: a view is left, a filter is undone, a button has nothing more to do. Then the browser lets
 * the focus fall to nothing, and who goes by keyboard or hears the page starts anew from its top.
 */

/** What was pressed may end later: Pause can be pressed until the update is through. No event tells it. */
const LOOK_EVERY_MS = 500;

/** Where nothing else is left. */
const LAST = 'main, #root > *';

/**
 * Once something with the focus has been pressed and is gone, or can be pressed no more, the nearest part of the page around it
 * that is still there has the focus; Tab goes on from there.
 *
 * @returns ends it
 */
export function keepFocus(): () => void {
  let way: readonly Element[] = [];
  let frame = 0;
  const remember = ({ target }: FocusEvent): void => {
    way = target instanceof Element ? around(target) : [];
  };
  const check = (): void => {
    const [lost] = way;
    if (document.activeElement !== document.body || lost === undefined) return;
    // Left by hand: a press on nothing in particular.
    if (isThere(lost) && !lost.matches(':disabled')) return;
    const place = way.slice(1).find(isThere) ?? document.querySelector(LAST);
    if (place instanceof HTMLElement) giveFocus(place);
  };
  // React has drawn by the second frame.
  const look = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => (frame = requestAnimationFrame(check)));
  };
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('focusin', remember, { signal });
  for (const act of ['click', 'change', 'keydown']) document.addEventListener(act, look, { signal, capture: true });
  const timer = setInterval(check, LOOK_EVERY_MS);
  return () => {
    listening.abort();
    cancelAnimationFrame(frame);
    clearInterval(timer);
  };
}

/** It and what it stands in, up to the page's own frame. */
function around(element: Element): Element[] {
  const way: Element[] = [];
  for (let at: Element | null = element; at !== null && at.id !== 'root'; at = at.parentElement) way.push(at);
  return way;
}

function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility();
}

/** Not a stop of Tab for good: only as long as the focus is there. */
function giveFocus(place: HTMLElement): void {
  if (!place.hasAttribute('tabindex')) {
    place.setAttribute('tabindex', '-1');
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}
