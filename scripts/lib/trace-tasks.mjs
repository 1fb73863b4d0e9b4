/** Length of a frame at 60 a second. */
const FRAME_MS = 1000 / 60;

/**
 * What the page's main thread did during a trace of Chromium.
 *
 * @param {readonly {name: string, ph: string, pid: number, tid: number, ts?: number, dur?: number, tdur?: number, args?: object}[]} events
 *   with the categories `toplevel` and `disabled-by-default-devtools.timeline`; times in microseconds
 * @returns {{wallMs: number, threadMs: number, frames: number, perFrameMs: number, longestMs: number, over50: number}} threadMs: of
 *   all tasks; frames: that were drawn; perFrameMs: thread time over the number of frames at 60 a second
 * @throws Error where the trace holds no renderer's tasks, or no thread time
 */
export function mainThreadTasks(events) {
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const key = ({ pid, tid }) => `${pid} ${tid}`;
  const mains = new Map(threads.map((thread) => [key(thread), []]));
  for (const event of events) if (event.name === 'RunTask' && event.ph === 'X') mains.get(key(event))?.push(event);
  const sum = (tasks) => tasks.reduce((total, { tdur = 0 }) => total + tdur, 0);
  const [busiest, tasks] = [...mains].sort(([, a], [, b]) => sum(b) - sum(a))[0] ?? [];
  if (tasks === undefined || tasks.length === 0) throw new Error('The trace holds no task of a page.');
  if (sum(tasks) === 0) throw new Error('This browser traces no thread time.');
  const times = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const ends = events.filter(({ ts }) => ts > 0).map(({ ts, dur = 0 }) => [ts, ts + dur]);
  const wallMs =
    (ends.reduce((last, [, end]) => Math.max(last, end), 0) -
      ends.reduce((first, [ts]) => Math.min(first, ts), Infinity)) /
    1000;
  const frames = events.filter((event) => event.name === 'Commit' && key(event) === busiest).length;
  const threadMs = sum(tasks) / 1000;
  return {
    wallMs,
    threadMs,
    frames,
    perFrameMs: (threadMs * FRAME_MS) / wallMs,
    longestMs: times.reduce((a, b) => Math.max(a, b), 0),
    over50: times.filter((ms) => ms > 50).length,
  };
}
