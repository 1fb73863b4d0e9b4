import { useRef } from 'react';
import { cutHere, moveScissors } from '../../../store/lab/cut-lab';
import type { StepView } from '../../../recordings/decode-trajectory';
import { Scissors } from '../../primitives/mark';
import { useStudio, useStudioState } from '../../studio-context';

const KEYS: Readonly<Record<string, (step: number, steps: number) => number>> = {
  ArrowLeft: (step) => step - 1,
  ArrowDown: (step) => step - 1,
  ArrowRight: (step) => step + 1,
  ArrowUp: (step) => step + 1,
  Home: () => 1,
  End: (_, steps) => steps,
};

/** The scissors on the line between two steps. Letting go of them, or of a key, cuts there. */
export function ScissorsHandle({ steps }: { steps: readonly StepView[] }): React.JSX.Element {
  const studio = useStudio();
  const step = useStudioState((state) => state.lab.step);
  const track = useRef<HTMLDivElement>(null);
  /** Where the scissors were when they were taken up; null while they lie. */
  const from = useRef<number | null>(null);

  const follow = (event: React.PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    moveScissors(studio, 1 + Math.round(((event.clientX - box.left) / box.width) * steps.length));
  };
  const release = (): void => {
    const moved = from.current !== null && from.current !== studio.store.getState().lab.step;
    from.current = null;
    if (moved) cutHere(studio);
  };
  return (
    <div
      ref={track}
      className="scissors-track"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = step;
        follow(event);
      }}
      onPointerMove={(event) => from.current !== null && follow(event)}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <div
        className="scissors-handle"
        style={{ left: `${(100 * (step - 1)) / steps.length}%` }}
        role="slider"
        tabIndex={0}
        aria-label="Your cut"
        aria-valuemin={1}
        aria-valuemax={steps.length}
        aria-valuenow={step}
        aria-valuetext={`before step ${step}: ${steps[step - 1]?.text ?? ''}`}
        onKeyDown={(event) => {
          const target = KEYS[event.key]?.(step, steps.length);
          if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          from.current ??= step;
          moveScissors(studio, target);
        }}
        onKeyUp={(event) => event.key in KEYS && release()}
        onBlur={release}
      >
        <Scissors />
      </div>
    </div>
  );
}
