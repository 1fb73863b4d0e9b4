/** The doctor's dialog: its report as text to copy, while it is made and afterwards. */
import './doctor.css';
import { useEffect, useId, useRef } from 'react';
import { closeDoctor, copyReport, runDoctor, stopDoctor } from '../../../store/run/doctor';
import type { DoctorState } from '../../../store/state/studio-state';
import { useStudio, useStudioState } from '../../studio-context';

const STATUS: Readonly<Record<DoctorState['status'], string>> = {
  running: 'At work: the first time, kernels have to be compiled, which can take a minute.',
  healthy: 'All is well.',
  unhealthy: 'Something is wrong: the report says what.',
  stopped: 'Stopped: the report is as far as it came.',
};

export function Doctor(): React.JSX.Element | null {
  const doctor = useStudioState((state) => state.doctor);
  return doctor && <Dialog doctor={doctor} />;
}

function Dialog({ doctor: { text, status, note } }: { doctor: DoctorState }): React.JSX.Element {
  const studio = useStudio();
  const frame = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    frame.current?.showModal();
    void runDoctor(studio);
  }, [studio]);
  const running = status === 'running';
  return (
    <dialog className="doctor" ref={frame} aria-labelledby={heading} onClose={() => closeDoctor(studio)}>
      <h2 id={heading}>Doctor</h2>
      <p className="small quiet">
        What this browser gives the engine, whether every kernel computes what it should, and how fast: paste it into a
        bug report. A run that plays is held meanwhile and goes on unchanged. Nothing leaves this page unless you copy
        it.
      </p>
      <textarea className="field" aria-label="Report" readOnly rows={32} wrap="off" spellCheck={false} value={text} />
      <div className="doctor-foot">
        <p className="small" role="status">
          {note ?? STATUS[status]}
        </p>
        {running ? (
          <button type="button" className="button" onClick={() => stopDoctor(studio)}>
            Stop
          </button>
        ) : (
          <button type="button" className="button" onClick={() => void runDoctor(studio)}>
            Run again
          </button>
        )}
        <button type="button" className="button" onClick={() => frame.current?.close()}>
          Close
        </button>
        <button type="button" className="button primary" disabled={text === ''} onClick={() => void copyReport(studio)}>
          Copy
        </button>
      </div>
    </dialog>
  );
}
