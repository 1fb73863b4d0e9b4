/** Lesson 4 on ten drafts of the reader's own run, swept by its own engine: no weights change by that. */
import { makeCutOf, REPLICATES } from '../../lessons/cut/make';
import { draftAt } from '../../lessons/engine';
import { UserError } from '../../lib/assert';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { CutSweep } from '../../trainer/protocol/protocol';
import { askEngine, EngineRefusal } from '../run/ask-engine';
import { announce } from '../state/announce';
import type { Studio } from '../state/studio-state';
import { beginAnew, openLesson } from './play-lesson';

/** Opens the lesson, and begins it anew with drafts of the update on screen; says so where there are none. */
export async function beatRefiner(studio: Studio): Promise<void> {
  if (studio.store.getState().lessons.open?.picture.lesson !== 'cut') await openLesson(studio, 'cut');
  await beginAnew(studio, 'run', async (tell) => {
    const { batches, store } = studio;
    const { runState, recording, world } = store.getState();
    const stored = batches.shown;
    if (recording !== null || runState === 'failed' || runState === null) {
      throw new UserError(
        'No run of this browser is on screen, and only its own weights can say what a cut of its drafts is worth.',
        'Train a run in Studio first. The lesson stays as it was.',
      );
    }
    if (world === null || stored?.hasRefiner !== true) {
      throw new UserError(
        stored === null ? 'Your run has made no update yet.' : 'Your run has no refiner that could be beaten.',
        'Train one with a refiner in Studio, e.g. the preset Search-R2. The lesson stays as it was.',
      );
    }
    return makeCutOf(stored, world, tell, (place) => sweep(studio, stored, place));
  });
}

async function sweep(studio: Studio, stored: StoredBatch, place: number): Promise<CutSweep> {
  const { update: weights } = stored.batch;
  const draft = draftAt(stored, place);
  try {
    const asked = { draft, firstReplicate: 0, replicates: REPLICATES, weights };
    return (await askEngine(studio, 'swept', (id) => ({ type: 'sweep', id, ...asked }))).sweep;
  } catch (error) {
    throw error instanceof EngineRefusal ? new UserError(error.message, error.hint) : error;
  }
}

/** Never rejects: where copying is blocked it says so. */
export async function copyCode(studio: Studio, code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    announce(studio, 'Code copied');
  } catch {
    announce(studio, 'Copying is blocked here: select the code and copy it by hand');
  }
}
