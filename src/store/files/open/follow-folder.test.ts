import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../lib/assert';
import type { FolderNews } from '../../../rollouts/follow/follower';
import { Follower } from '../../../rollouts/follow/follower';
import type { Folder } from '../../../rollouts/follow/folder';
import { playedStudio } from '../../../testing/page/open-studio';
import { currentView } from '../../view/current-view';
import { openCompared, startPicking } from '../../view/compare-actions';
import { editList, select } from '../../view/view-actions';
import { followFolder } from './follow-folder';
import { chooseRolloutStep, closeRollouts, stopFollowing } from './open-rollouts';

/** Looks that the page waits for, in place of the worker. */
const looks: { resolve: (news: FolderNews) => void; reject: (error: Error) => void }[] = [];
const stop = vi.fn();
vi.mock('../../../rollouts/open-folder', () => ({
  openFolder: () => ({
    look: () => new Promise<FolderNews>((resolve, reject) => looks.push({ resolve, reject })),
    stop,
  }),
}));
beforeEach(() => {
  looks.splice(0);
  stop.mockClear();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

const line = (question: string, step: number, uid: string) =>
  `${JSON.stringify({ question, completion: '<answer>a</answer>', gold: 'a', step, uid })}\n`;

class Page extends EventTarget {
  hidden = false;
}

/** A page that follows a folder of one file, which grows by what is given to `next`. */
async function following(first: string) {
  let text = '';
  const folder: Folder = {
    name: 'run',
    list: () => {
      const blob = new Blob([text]);
      const file = { name: 'all.jsonl', size: blob.size, modified: blob.size, stream: () => blob.stream() };
      return Promise.resolve([{ ...file, slice: (start: number, end: number) => blob.slice(start, end) }]);
    },
  };
  const follower = new Follower(folder);
  const played = playedStudio();
  const page = new Page();
  const done = followFolder(played.studio, { url: 'http://localhost/', name: 'run' }, page);
  const next = async (more: string): Promise<void> => {
    text += more;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(1);
    looks.pop()?.resolve(await follower.look());
    await vi.advanceTimersByTimeAsync(0);
  };
  const later = (): Promise<unknown> => vi.advanceTimersByTimeAsync(60_000);
  await next(first);
  return { ...played, page, next, later, done, rollouts: () => played.state().rollouts };
}

describe('a folder that is followed', () => {
  it('waits for the first rows, then shows the newest step and goes on to each new one', async () => {
    const { next, rollouts, studio } = await following('');
    expect(rollouts()).toMatchObject({ file: null, following: { name: 'run', files: 1, newest: true, remarks: [] } });
    await next(line('p', 1, 'a') + line('p', 2, 'a'));
    expect(rollouts().file).toMatchObject({ name: 'run', rows: 2, step: 2 });
    await next(line('p', 3, 'a') + line('q', 3, 'b'));
    expect(rollouts().file).toMatchObject({ rows: 4, step: 3 });
    expect(studio.rollouts.shelf?.shown.rows).toHaveLength(2);
    expect(studio.rollouts.shelf?.statistics().map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('stays at the step that a person chose, with what it is filtered by, until the newest is chosen', async () => {
    const { next, rollouts, studio, state } = await following(line('p', 1, 'a') + line('p', 2, 'a'));
    chooseRolloutStep(studio, 1);
    editList(studio, { find: 'p' });
    await next(line('p', 3, 'a') + line('q', 1, 'b'));
    expect(rollouts()).toMatchObject({ file: { rows: 4, step: 1 }, following: { newest: false } });
    expect(studio.rollouts.shelf?.shown.rows).toHaveLength(2);
    expect(state().list.find).toBe('p');
    chooseRolloutStep(studio, 3);
    await next(line('p', 4, 'a'));
    expect(rollouts()).toMatchObject({ file: { step: 4 }, following: { newest: true } });
    expect(state().list.find).toBe('p');
  });

  it('finds what is selected, compared and picked again where rows come before it', async () => {
    const { next, rollouts, studio, state } = await following(line('p', 2, 'a') + line('q', 2, 'b'));
    select(studio, { row: 1, side: 'final', step: 1 });
    openCompared(studio, { kind: 'answers', from: { file: 'shown', row: 1 } });
    openCompared(studio, {
      kind: 'pair',
      refs: [
        { file: 'shown', row: 0 },
        { file: 'shown', row: 1 },
      ],
    });
    openCompared(studio, { kind: 'whole', of: { file: 'shown', row: 1 }, side: 'final' });
    startPicking(studio, { file: 'shown', row: 1 });
    await next(line('r', 1, 'c') + line('p', 2, 'a') + line('p', 3, 'a'));
    // The second row of the group of p stands before q now, and step 1 before both.
    expect(rollouts().file?.step).toBe(2);
    expect(currentView(studio)?.batch.questions[currentView(studio)?.group ?? -1]).toBe('q');
    expect(state().selection).toEqual({ row: 2, side: 'final', step: 1 });
    expect(state().compared).toEqual([
      { kind: 'answers', from: { file: 'shown', row: 3 } },
      {
        kind: 'pair',
        refs: [
          { file: 'shown', row: 1 },
          { file: 'shown', row: 3 },
        ],
      },
      { kind: 'whole', of: { file: 'shown', row: 3 }, side: 'final' },
    ]);
    expect(state().picking).toEqual({ file: 'shown', row: 3 });
  });

  it('does not look while the page is out of sight', async () => {
    const { page, next, later } = await following(line('p', 1, 'a'));
    page.hidden = true;
    await later();
    expect(looks).toHaveLength(0);
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    await next(line('p', 2, 'a'));
  });

  it('stops: what was read stays; closing the file stops it too', async () => {
    const { studio, rollouts, later, done } = await following(line('p', 1, 'a'));
    stopFollowing(studio);
    await done;
    await later();
    expect(looks).toHaveLength(0);
    expect(stop).toHaveBeenCalledOnce();
    expect(rollouts()).toMatchObject({ following: null, file: { rows: 1 } });
    const second = await following(line('p', 1, 'a'));
    closeRollouts(second.studio);
    await second.done;
    expect(second.rollouts()).toMatchObject({ following: null, file: null });
  });

  it('ends where nothing more can be read, and says why', async () => {
    const { state, done, rollouts } = await following(line('p', 1, 'a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(1);
    looks.pop()?.reject(new UserError('The rollouts are larger than 1 GB.', 'Split the file.'));
    await done;
    expect(state().problems.map(({ message }) => message)).toEqual(['The rollouts are larger than 1 GB.']);
    expect(rollouts()).toMatchObject({ following: null, file: { rows: 1 } });
  });
});
