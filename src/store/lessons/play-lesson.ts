/** What a reader of lessons can do. Their run waits meanwhile: it is paused by opening a lesson, and nothing else touches it. */
import type { LessonId } from '../../lessons/ids';
import { LESSON_IDS } from '../../lessons/ids';
import { LessonEngine } from '../../lessons/engine';
import type { Tell } from '../../lessons/engine';
import { asRecording, LESSONS } from '../../lessons/lessons';
import type { OpenLesson } from '../../lessons/lessons';
import type { Move } from '../../lessons/machine';
import { decodeFinished, encodeFinished } from '../../lessons/progress';
import { say } from '../../lessons/words';
import { UserError } from '../../lib/assert';
import { PAUSE } from '../run/actions';
import type { LessonsState, LessonSource } from '../state/lessons-state';
import type { Studio } from '../state/studio-state';

const KEPT = 'cutpoint-lessons';

function change({ store }: Studio, part: Partial<LessonsState>): void {
  store.setState((state) => ({ lessons: { ...state.lessons, ...part } }));
}

/** What this browser remembers; nothing where it keeps nothing. */
export function recallFinished(studio: Studio): void {
  try {
    change(studio, { finished: decodeFinished(window.localStorage.getItem(KEPT)) });
  } catch {
    // Blocked: the marks of this visit are all there is.
  }
}

function rememberFinished(studio: Studio, lesson: LessonId): void {
  const finished = new Set([...studio.store.getState().lessons.finished, lesson]);
  change(studio, { finished });
  try {
    window.localStorage.setItem(KEPT, encodeFinished(finished));
  } catch {
    // As above.
  }
}

/** @param step 0-based */
export async function openLesson(studio: Studio, lesson: LessonId, step = 0): Promise<void> {
  const { store, baseUrl } = studio;
  if (PAUSE.enabled(store.getState())) PAUSE.perform(studio);
  const { opening, at } = store.getState().lessons;
  if (opening === lesson) return;
  const asked = at?.lesson === lesson && at.step === step ? at : { lesson, step };
  change(studio, { at: asked, opening: lesson, open: null, problem: null });
  const entry = LESSONS[lesson];
  if (entry === undefined) return;
  try {
    const response = await fetch(new URL(entry.file, baseUrl));
    if (!response.ok) throw new Error(`${response.status}`);
    const opened = entry.open(await response.json());
    const { length: steps } = opened.played.steps;
    if (step < steps) show(studio, lesson, opened, 'recording', step);
    else refuseStep(studio, lesson, step, steps);
  } catch (error) {
    if (!isAt(studio, lesson)) return;
    const known = error instanceof UserError ? error.message : null;
    const message = known ?? 'The recording of this lesson could not be loaded.';
    const hint = say(canCompute(studio, lesson) ? 'runner.onlineOrHere' : 'runner.online');
    change(studio, { problem: { message, hint } });
  } finally {
    if (store.getState().lessons.opening === lesson) change(studio, { opening: null });
  }
}

/** Whether the engine of this browser can make the lesson anew. */
export function canCompute({ store }: Studio, lesson: LessonId): boolean {
  return store.getState().support.status === 'ok' && (LESSONS[lesson]?.make ?? null) !== null;
}

/** A link asked for a step that is not there. */
function refuseStep(studio: Studio, lesson: LessonId, step: number, steps: number): void {
  if (!isAt(studio, lesson)) return;
  change(studio, { at: null });
  const note = say('list.noStep', { title: say(`${lesson}.title`), steps, step: step + 1 });
  studio.store.setState(({ notes }) => ({ notes: [...notes, note] }));
}

function isAt({ store }: Studio, lesson: LessonId): boolean {
  return store.getState().lessons.at?.lesson === lesson;
}

function show(studio: Studio, lesson: LessonId, opened: OpenLesson, source: LessonSource, step: number): void {
  // Whoever was quicker reads something else.
  if (!isAt(studio, lesson)) return;
  const place = opened.played.begin(step);
  change(studio, { open: { ...opened, place, source }, at: { lesson, step: place.step }, problem: null });
}

/** Moves within the lesson; the last step finishes it. */
export function moveInLesson(studio: Studio, made: Move): void {
  const { open, at } = studio.store.getState().lessons;
  if (open === null || at === null) return;
  const place = open.played.move(open.place, made);
  change(studio, { open: { ...open, place }, at: { ...at, step: place.step } });
  if (open.played.isLast(place) && open.played.isDone(place)) rememberFinished(studio, at.lesson);
}

/** Back to the list: the run waits where it was. */
export function leaveLesson(studio: Studio): void {
  studio.store.getState().lessons.stop?.();
  change(studio, { at: null, open: null, problem: null });
}

/** The lesson after this one, null after the last. */
export function lessonAfter(lesson: LessonId): LessonId | null {
  return LESSON_IDS[LESSON_IDS.indexOf(lesson) + 1] ?? null;
}

/**
 * Has the engine of this browser compute the lesson anew, with other questions, in a worker beside that of the run.
 */
export async function computeLesson(studio: Studio): Promise<void> {
  const { at } = studio.store.getState().lessons;
  const entry = at && LESSONS[at.lesson];
  const make = entry?.make;
  if (!entry || !make) return;
  await beginAnew(studio, 'engine', (tell, signal) => {
    const engine = new LessonEngine(studio.openWorker(), studio.baseUrl);
    const end = (): void => engine.dispose();
    signal.addEventListener('abort', end);
    studio.lessonSeed += 1;
    return make(engine, entry.seed + studio.lessonSeed, tell, studio.lessonScale).finally(end);
  });
}

/**
 * The open lesson begins again with what `make` answers; until then, and where it fails or is cancelled, what is on screen stays.
 *
 * @param make is told by the signal that nobody wants its answer any more
 */
export async function beginAnew(
  studio: Studio,
  source: LessonSource,
  make: (tell: Tell, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { at, stop } = studio.store.getState().lessons;
  const entry = at && LESSONS[at.lesson];
  if (!at || !entry || stop !== null) return;
  const { lesson } = at;
  const control = new AbortController();
  const { signal } = control;
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('stopped'))),
  );
  const tell: Tell = (done, of) => {
    if (!signal.aborted) change(studio, { progress: { done, of } });
  };
  change(studio, { stop: () => control.abort(), problem: null });
  try {
    const opened = entry.open(asRecording(lesson, await Promise.race([make(tell, signal), aborted])));
    show(studio, lesson, opened, source, 0);
  } catch (error) {
    if (!signal.aborted && isAt(studio, lesson)) {
      const message = error instanceof Error ? error.message : String(error);
      const hint = (error instanceof UserError && error.hint) || 'The lesson stays as it was.';
      change(studio, { problem: { message, hint } });
    }
  } finally {
    change(studio, { stop: null, progress: null });
  }
}
