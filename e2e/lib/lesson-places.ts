/** Every place of the open lesson: each step, before and after an answer to it. */
import type { Page } from '@playwright/test';

/** Puts the lesson on its first step. */
export async function toStart(page: Page): Promise<void> {
  await page.evaluate(() => {
    const studio = window.cutpoint;
    const { open } = studio?.store.getState().lessons ?? {};
    if (!studio || !open) throw new Error('No lesson is open.');
    studio.store.setState(({ lessons }) => ({
      lessons: { ...lessons, open: { ...open, place: open.played.begin() } },
    }));
  });
}

/** Answers what the step asks in some way that can be locked, or else goes on; false at the end. */
export function advance(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const studio = window.cutpoint;
    const { open } = studio?.store.getState().lessons ?? {};
    if (!studio || !open) throw new Error('No lesson is open.');
    const { played, place } = open;
    const asked = played.asked(place);
    type Answer = NonNullable<typeof place.working>;
    const show = (next: typeof place): void =>
      studio.store.setState(({ lessons }) => ({ lessons: { ...lessons, open: { ...open, place: next } } }));
    const answers = (): Answer[] => {
      switch (asked?.kind) {
        case undefined:
          return [];
        case 'choice':
          return [{ kind: 'choice', choice: 0 }];
        case 'many':
          return [{ kind: 'many', chosen: [0] }];
        case 'number':
          return [{ kind: 'number', value: asked.max }];
        case 'order':
          return [{ kind: 'order', order: asked.options.map((_, at) => at) }];
        case 'cuts':
          return [{ kind: 'cuts', cuts: asked.drafts.map(() => 1) }];
        case 'curve':
          return [{ kind: 'curve', points: asked.xs.map(() => asked.max / 2) }];
        case 'press':
          return [{ kind: 'press' }];
        case 'build':
          // Every part of the pieces in either setting: the right one is among them.
          return asked.settings.flatMap((_, setting) =>
            Array.from({ length: 2 ** asked.pieces.length }, (_, part): Answer => {
              const pieces = [...asked.pieces.keys()].filter((at) => (part >> at) & 1);
              return { kind: 'build', pieces, setting };
            }),
          );
      }
    };
    if (place.working !== null) {
      const changed = answers()
        .map((answer) => played.move(place, { type: 'change', answer }))
        .find((next) => played.canLock(next));
      if (changed === undefined) throw new Error(`Step ${String(place.step + 1)} has no answer.`);
      show(played.move(changed, { type: 'lock' }));
      return true;
    }
    if (played.isLast(place)) return false;
    show(played.move(place, { type: 'forward' }));
    return true;
  });
}
