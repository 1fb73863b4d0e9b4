import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../../recordings/html-page';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import { branchedLines } from '../../../testing/page/branched-lines';
import { playedStudio } from '../../../testing/page/open-studio';
import { STEP } from '../../run/actions';
import { shownRef } from '../../view/compare-actions';
import { currentView } from '../../view/current-view';
import { shelve } from '../../view/rollout-views';
import { comparisonPage, trajectoryPage } from './save-page';

async function withFile() {
  const { studio } = playedStudio();
  const blob = new Blob([branchedLines().join('\n')]);
  const file = await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]);
  const { shelf, about } = shelve(file);
  studio.rollouts.shelf = shelf;
  studio.store.setState(({ rollouts }) => ({ rollouts: { ...rollouts, file: about } }));
  return studio;
}

describe('a trajectory as a page', () => {
  it('of a file has its draft, its final side, its branches and what was said of it', async () => {
    const page = await trajectoryPage(await withFile(), { file: 'shown', row: 0 });
    expect(page).toMatchObject({
      question: 'Where was Ada born?',
      rightAnswer: 'Mara',
      about: ['f.jsonl', 'training step 3', 'rollout 1'],
      columns: [
        { title: 'Draft', from: 1 },
        { title: 'Final', note: 'cut at step 2', from: 2 },
        { title: 'Branch 1', note: 'from step 1', from: 1 },
        { title: 'Branch 2', note: 'from step 2 of branch 1', from: 1 },
      ],
      remarks: [{ place: 'trajectory' }, { place: 'step 2 of the draft', note: 'useless <search>' }],
    });
    if (page) expect(htmlPage(page)).toContain('useless &lt;search&gt;');
  });

  it('of a run has what Cut Lab compares', async () => {
    const { studio } = playedStudio();
    STEP.perform(studio);
    const view = currentView(studio);
    if (view === null) throw new Error('Nothing is on screen.');
    const page = await comparisonPage(studio, view);
    expect(page?.columns[0]?.side).toEqual(view.trajectory.draft);
    expect(page?.about[0]).toMatch(/^run /);
    expect(
      await trajectoryPage(studio, { ...shownRef(studio, view), file: 'run', pin: null, update: 77, row: 0 }),
    ).toBeNull();
  });
});
