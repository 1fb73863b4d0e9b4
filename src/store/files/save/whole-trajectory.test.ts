import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import { playedStudio } from '../../../testing/page/open-studio';
import { STEP } from '../../run/actions';
import { currentView } from '../../view/current-view';
import { shownRef } from '../../view/compare-actions';
import { shelve } from '../../view/rollout-views';
import { wholePage, wholeText, wholeTrajectory } from './whole-trajectory';

const LINE = '{"question": "q",  "id": 12345678901234567890, "prompt": "p", "completion": "<answer>a</answer>"}';

async function withFile() {
  const played = playedStudio();
  const blob = new Blob([`${LINE}\n`]);
  const file = await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]);
  const { shelf, about } = shelve(file);
  played.studio.rollouts.shelf = shelf;
  played.studio.store.setState(({ rollouts }) => ({ rollouts: { ...rollouts, file: about } }));
  return played.studio;
}

describe('a whole trajectory', () => {
  it('of a file is its line, as it is and in lines of its own', async () => {
    const whole = wholeTrajectory(await withFile(), { file: 'shown', row: 0 });
    expect(whole).toMatchObject({ line: LINE, found: { file: 'f.jsonl', question: 'q' } });
    expect(wholeText(LINE, 'final', 'raw')).toBe(LINE);
    expect(wholePage(LINE, 'final', 'raw', 1e6).text).toContain('\n  "id": 12345678901234567890,\n');
    expect(wholePage(LINE, 'final', 'prompt', 1e6)).toEqual({ messages: [], text: 'p', more: false });
    expect(wholePage(LINE, 'final', 'messages', 1e6)).toMatchObject({ text: null, more: false });
    expect(wholeText(LINE, 'final', 'messages')).toBe('user:\np\n\nassistant:\n<answer>a</answer>');
    expect(wholeText(LINE, 'final', 'prompt')).toBe('p');
    const none = LINE.replace('"prompt"', '"other"');
    expect(wholePage(none, 'final', 'prompt', 1e6)).toEqual({ messages: [], text: null, more: false });
  });

  it('of a run has its tokens, and the line that is saved of it', () => {
    const { studio } = playedStudio();
    STEP.perform(studio);
    const view = currentView(studio);
    if (!view) throw new Error('Nothing is on screen.');
    const whole = wholeTrajectory(studio, shownRef(studio, view));
    expect(whole?.found.view.row).toBe(view.trajectory.row);
    const line = whole?.line ?? '';
    expect(JSON.parse(line)).toMatchObject({ format: 'cutpoint-trajectory/2', row: view.trajectory.row });
    const tokens = view.views.tokensOf(view.trajectory, view.side).map(({ text }) => text);
    const said = wholeText(line, view.side, 'messages').replace(/\s+/g, ' ');
    expect(said).toContain(tokens.slice(-3).join(' '));
  });

  it('is none where it is not kept any more', async () => {
    const { studio } = playedStudio();
    expect(wholeTrajectory(studio, { file: 'run', pin: null, update: 7, row: 0 })).toBeNull();
    expect(wholeTrajectory(studio, { file: 'shown', row: 0 })).toBeNull();
    expect(wholeTrajectory(await withFile(), { file: 'shown', row: 9 })).toBeNull();
  });
});
