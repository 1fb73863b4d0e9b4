/**
 * What is pressed may be gone by that: a view is left, a filter is undone, a button has nothing more to do. Then the browser lets
 * the focus fall to nothing, and who goes by keyboard or hears the page starts anew from its top.
 */

/** What was pressed may end later: Pause can be pressed until the update is through. No event tells it. */
const LOOK_EVERY_MS = 500;

/** Where nothing else is left. */
const LAST = 'main, #root > *';

/**
 * Once what has the focus is gone, or can be pressed no more, the nearest part of the page around it that is still there has the
 * focus; Tab goes on from there. What could not be pressed for a while and can again has it itself: a page that is busy may look
 * only then.
 *
 * @returns ends it
 */
export function keepFocus(): () => void {
  let way: readonly Element[] = [];
  let frame = 0;
  const remember = ({ target }: FocusEvent): void => {
    way = target instanceof Element ? around(target) : [];
  };
  // Left by hand: a press on nothing in particular. What can have the focus takes it after this.
  const leave = ({ target }: PointerEvent): void => {
    if (!(target instanceof Node) || way[0]?.contains(target) !== true) way = [];
  };
  // Or by Tab, out of the page at its end.
  const goOn = ({ key, defaultPrevented }: KeyboardEvent): void => {
    if (key === 'Tab' && !defaultPrevented) way = [];
  };
  const check = (): void => {
    if (document.activeElement !== document.body || !document.hasFocus()) return;
    const place = way.find(takesFocus) ?? (way.length > 0 ? document.querySelector(LAST) : null);
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
  document.addEventListener('pointerdown', leave, { signal, capture: true });
  document.addEventListener('keydown', goOn, { signal });
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

function takesFocus(element: Element): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}

/** Not a stop of Tab for good: only as long as the focus is there. */
function giveFocus(place: HTMLElement): void {
  // What the keyboard reaches by itself needs no help, and taking the focus from it must not take its place in the order.
  if (place.tabIndex < 0 && !place.hasAttribute('tabindex')) {
    place.setAttribute('tabindex', '-1');
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}
