/** Says that what is on screen is recorded, and what can be done with it. */
import { presets } from '../../config/schema';
import {
  checkpointOf,
  closeRecording,
  continueRecording,
  finishRecording,
  pauseRecording,
  playRecording,
} from '../../store/run/show-recording';
import type { ShownRecording } from '../../store/state/studio-state';
import { count } from '../format';
import { useStudio, useStudioState } from '../studio-context';
import { WebGpuNote } from './webgpu-help';
import { Term } from '../terms/term';

export function RecordingBar(): React.JSX.Element | null {
  const shown = useStudioState((state) => state.recording);
  return shown && <Bar shown={shown} />;
}

function Bar({ shown }: { shown: ShownRecording }): React.JSX.Element {
  const studio = useStudio();
  const { recording, playedTo, playing, source } = shown;
  const usable = useStudioState((state) => state.support.status === 'ok');
  const checking = useStudioState((state) => state.support.status === 'checking');
  const checkpoint = useStudioState(checkpointOf);
  const whole = playedTo >= recording.update;
  return (
    <section className="message recording-bar" aria-label="Recording">
      <p>
        <b>
          <Term id="recorded-run" then=".">
            Recorded run
          </Term>
        </b>{' '}
        {describe(shown)}{' '}
        <span className="quiet">
          {!usable && !checking
            ? ''
            : source === 'example'
              ? 'Play or Step begins your own.'
              : checkpoint !== null && `Play goes on with it from update ${count(checkpoint.update)}.`}
        </span>
      </p>
      <WebGpuNote />
      <div className="recording-buttons">
        {playing ? (
          <button type="button" className="button plain" onClick={() => pauseRecording(studio)}>
            Stop playback
          </button>
        ) : (
          <button type="button" className="button plain" onClick={() => playRecording(studio)}>
            {whole ? 'Play back again' : 'Play back'}
          </button>
        )}
        {!whole && (
          <button type="button" className="button plain" onClick={() => finishRecording(studio)}>
            Show all
          </button>
        )}
        {usable && source === 'example' && checkpoint !== null && (
          <button type="button" className="button plain" onClick={() => continueRecording(studio, checkpoint)}>
            Continue from update {count(checkpoint.update)}
          </button>
        )}
        {/* Its place is kept while nothing is known, so that nothing moves. */}
        {(usable || checking) && (
          <button type="button" className="button plain" disabled={checking} onClick={() => closeRecording(studio)}>
            Close recording
          </button>
        )}
      </div>
    </section>
  );
}

function describe({ recording, source, title }: ShownRecording): string {
  const { config, world, update } = recording;
  const what = `${count(update)} updates of ${presets[config.preset].label} on ${world.title}`;
  return source === 'example' ? `${what}, an example.` : `“${title}”: ${what}.`;
}
