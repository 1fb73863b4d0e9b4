/** What `npm run bench -- --only startup,mainThread` writes: docs/schema/bench-page.schema.json. */
import { adapterTitle } from './browser.mjs';

/** What a start goes through, in the order in which a visitor meets it. What follows Play counts from there, all else from navigation. */
export const MILESTONES = [
  { name: 'first contentful paint', ms: (marks) => marks.firstPaint },
  // The first paint, told by the browser, is when it came to the screen; ours are when it was drawn.
  { name: 'Studio painted', ms: (marks) => Math.max(marks.studio, marks.firstPaint) },
  { name: 'charts painted', ms: (marks) => marks.charts },
  { name: 'recorded run painted', ms: (marks) => marks.recorded },
  { name: 'recorded run moves', ms: (marks) => marks.moved },
  { name: 'ready to Play', ms: (marks) => marks.ready },
  { name: 'first update after Play', ms: (marks) => marks.update - marks.pressed },
  // From its own link, in a browser of its own.
  { name: 'lesson 1 usable', ms: (marks) => marks.lesson },
];

/**
 * @param {{version: string, adapter: object, link: string}} page as it was opened last
 * @param {readonly {cold: object, warm: object}[]} rounds marks of startup-watch.mjs
 * @param {{cold: Map<string, number>, warm: Map<string, number>}} sent bytes by kind of file, in the last round
 */
export function startupFigures({ version, adapter, link }, rounds, sent) {
  const rows = MILESTONES.map(({ name, ms }) => ({
    name,
    coldMs: rounds.map(({ cold }) => ms(cold)),
    warmMs: rounds.map(({ warm }) => ms(warm)),
  }));
  const sizes = [...new Set([...sent.cold.keys(), ...sent.warm.keys()])].map((kind) => ({
    kind,
    coldBytes: sent.cold.get(kind) ?? 0,
    warmBytes: sent.warm.get(kind) ?? 0,
  }));
  return { browser: `Chromium ${version}`, adapter, link, rows, sizes };
}

/** @param {object} tasks of trace-tasks.mjs */
export function trainingRow(name, updates, adapter, tasks) {
  return { name, updates, adapter: adapterTitle(adapter), ...tasks };
}

/** @param {object} tasks of trace-tasks.mjs */
export function browsingRow(name, inDocument, tasks) {
  return { name, updates: null, inDocument, ...tasks };
}

/** @param {object} noise of clock-noise.mjs */
export function mainThreadFigures(version, { pieces, medianMs, longestMs }, rows) {
  return { browser: `Chromium ${version}`, noise: { pieces, medianMs, longestMs }, rows };
}

/** The file. What was not asked for is undefined, and missing in it. */
export function pageFigures({ startup, mainThread }) {
  return { format: 'cutpoint-bench-page/1', date: new Date().toISOString(), startup, mainThread };
}
