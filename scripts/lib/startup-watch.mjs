/* global document, window, requestAnimationFrame, MessageChannel, MutationObserver, PerformanceObserver */

/** Notes in `window.startup` when the first lesson, opened by its link, could be gone on with: its button was painted. */
export function watchLesson() {
  window.startup = {};
  const look = () => {
    const forward = [...document.querySelectorAll('button')].find((element) => element.textContent === 'Forward');
    if (forward === undefined || forward.disabled) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.startup.lesson = window.performance.now());
      port2.postMessage(null);
    });
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * Runs in the page before its own code and notes in `window.startup` when what a visitor waits for was painted, in milliseconds
 * since navigation. Presses Play as soon as the engine is at rest. A function without anything from outside: Playwright sends
 * its text to the page.
 */
export function watchStartup() {
  const marks = {};
  window.startup = marks;
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint');
    if (paint !== undefined) marks.firstPaint = paint.startTime;
  }).observe({ type: 'paint', buffered: true });

  const REGIONS = ['Trajectories', 'Inspector', 'Refiner board', 'Evaluation', 'Charts', 'Timeline'];
  const hasRegion = (name) => document.querySelector(`section[aria-label="${name}"]`) !== null;
  const status = () => document.querySelector('[aria-label="Status"]');
  const button = (name) => [...document.querySelectorAll('button')].find((element) => element.textContent === name);

  /** What is shown of the recorded run that plays first; null where none is. */
  const recordedUpdate = () => {
    const text = status()?.textContent ?? '';
    return text.includes('RECORDED') ? (/update ([\d,]+)/.exec(text)?.[1] ?? null) : null;
  };

  /** Each once it is there, and in any order. */
  const waiting = new Map([
    ['studio', () => REGIONS.every(hasRegion)],
    ['charts', () => document.querySelector('section[aria-label="Charts"] figure') !== null],
    // Play can be pressed at any time; Step needs an engine that can start at once.
    [
      'recorded',
      () => recordedUpdate() !== null && document.querySelector('[aria-label="List of trajectories"]') !== null,
    ],
    ['moved', () => marks.recorded !== undefined && Number(recordedUpdate()) > Number(marks.recordedUpdate)],
    ['ready', () => button('Step')?.disabled === false],
    ['update', () => marks.pressed !== undefined && Number(status()?.querySelector('b')?.textContent) > 0],
  ]);

  // A frame's callbacks run before it is painted, a message sent from there after.
  const afterPaint = (then) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });
  };

  const look = () => {
    for (const [name, isThere] of waiting) {
      if (!isThere()) continue;
      waiting.delete(name);
      afterPaint(() => {
        marks[name] = window.performance.now();
        if (name === 'recorded') marks.recordedUpdate = recordedUpdate();
        if (name !== 'ready') return;
        marks.pressed = window.performance.now();
        button('Play').click();
      });
    }
    const stopped = /STOPPED|NO WEBGPU/.exec(status()?.textContent ?? '');
    if (stopped !== null) marks.problem = `${stopped[0]}: ${document.querySelector('main')?.innerText.slice(0, 300)}`;
    if (waiting.size === 0 || stopped !== null) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}
