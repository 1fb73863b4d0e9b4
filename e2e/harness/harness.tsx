/**
 * The page with a fake engine, to picture its states (`?scene=...`) while designing. Served by the development server only;
 * the build starts from the top index.html and never sees this folder.
 */
import { createRoot } from 'react-dom/client';
import { configForPreset } from '../../src/config/schema';
import { startRun, toggleSettings } from '../../src/store/run/actions';
import { cutHere, moveScissors } from '../../src/store/lab/cut-lab';
import { select } from '../../src/store/view/view-actions';
import { withSetting } from '../../src/store/run/config-draft';
import { createStudio } from '../../src/store/studio-store';
import { FakeTrainer } from '../../src/testing/page/fake-trainer';
import type { FakeTrainerOptions } from '../../src/testing/page/fake-trainer';
import { createTrainerClient } from '../../src/trainer/client';
import { App } from '../../src/ui/app/app';

const params = new URLSearchParams(window.location.search);
const scene = params.get('scene') ?? 'run';

function optionsOf(name: string): FakeTrainerOptions {
  if (name === 'loading') return { stuckIn: 'loading' };
  if (name === 'warmStart') return { stuckIn: 'warmStart', software: true };
  if (name === 'empty') return {};
  if (name === 'playing') return { warmUpdates: 30, updateMs: Number(params.get('ms') ?? 300) };
  if (name === 'long') return { warmUpdates: 4700 };
  return { warmUpdates: 47, silentLab: params.has('silent'), software: name === 'software' };
}

const trainer = new FakeTrainer(optionsOf(scene));
const preset = scene === 'noRefiner' ? 'search-r1' : 'search-r2';
const studio = createStudio({
  client: createTrainerClient(trainer),
  baseUrl: window.location.href,
  config: configForPreset(preset),
  notes:
    scene === 'notes'
      ? ['groupSize was 99; the nearest valid value 32 is used.', 'Ignored: "grupSize" is no setting.']
      : [],
});
window.cutpoint = studio;
const root = document.getElementById('root');
if (!root) throw new Error('no #root');
createRoot(root).render(<App studio={studio} />);

if (scene === 'noGpu') studio.store.setState({ support: { status: 'missing', insecure: false } });
else {
  studio.store.setState({ support: { status: 'ok', software: scene === 'software' } });
  startRun(studio, studio.store.getState().config, 'shipped');
}
if (scene === 'playing') studio.client.send({ type: 'play' });
if (scene === 'drawer') {
  toggleSettings(studio);
  studio.store.setState((state) => ({ draft: withSetting(withSetting(state.draft, 'groupSize', 16), 'klBeta', 0.01) }));
}
if (scene === 'problem') {
  const { runId } = studio.store.getState();
  trainer.emit({
    type: 'error',
    runId,
    message: 'The graphics device was lost.',
    hint: 'The run was loaded again from update 40; press Play to go on.',
    fatal: false,
  });
}
if (scene === 'cutLab' || scene === 'lessons') studio.store.setState({ view: scene });
const cut = params.get('cut');
if (cut !== null) {
  setTimeout(() => {
    moveScissors(studio, Number(cut));
    cutHere(studio);
  }, 500);
}
const row = params.get('row');
if (row !== null) {
  select(studio, {
    row: Number(row),
    side: params.get('side') === 'draft' ? 'draft' : 'final',
    step: Number(params.get('step') ?? 1),
  });
}
