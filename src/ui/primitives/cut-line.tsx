import './cut-line.css';
import { useRef } from 'react';
import { Scissors } from './mark';
import { cutByKey } from './moves';

interface CutLineProps {
  label: string;
  /** How many steps the draft has. */
  steps: number;
  /** 0 accepts, j cuts at step j, -1 while the scissors lie aside. */
  cut: number;
  onChange: (cut: number) => void;
  disabled?: boolean;
  words: {
    /** Over the place where nothing is cut. */
    accept: string;
    /** What the scissors do where they are. */
    value: (cut: number) => string;
  };
}

/** Scissors on the line of a draft's steps: dragged or put down by the pointer, moved by arrow keys, 0 to 5 go to a step. */
export function CutLine({ label, steps, cut, onChange, disabled = false, words }: CutLineProps): React.JSX.Element {
  const line = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  const follow = (event: React.PointerEvent): void => {
    const box = line.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const column = Math.floor(((event.clientX - box.left) / box.width) * (steps + 1));
    onChange(Math.min(steps, Math.max(0, column)));
  };
  return (
    <div
      ref={line}
      className="cut-line"
      style={{ '--columns': steps + 1, '--cut-at': Math.max(0, cut) }}
      data-disabled={disabled ? '' : undefined}
      onPointerDown={(event) => {
        if (disabled) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = true;
        follow(event);
      }}
      onPointerMove={(event) => held.current && follow(event)}
      onPointerUp={() => (held.current = false)}
      onPointerCancel={() => (held.current = false)}
    >
      {Array.from({ length: steps + 1 }, (_, step) => (
        <span key={step} className="cut-column" data-away={cut > 0 && step >= cut ? '' : undefined} aria-hidden="true">
          {step === 0 ? words.accept : step}
        </span>
      ))}
      <div
        className="cut-scissors"
        data-aside={cut < 0 ? '' : undefined}
        data-accepts={cut <= 0 ? '' : undefined}
        role="slider"
        tabIndex={disabled ? -1 : 0}
        aria-label={label}
        aria-disabled={disabled}
        aria-valuemin={0}
        aria-valuemax={steps}
        aria-valuenow={Math.max(0, cut)}
        aria-valuetext={words.value(cut)}
        onKeyDown={(event) => {
          if (disabled || event.ctrlKey || event.metaKey || event.altKey) return;
          const target = cutByKey(event.key, cut, steps);
          if (target === null) return;
          event.preventDefault();
          onChange(target);
        }}
      >
        <Scissors />
      </div>
    </div>
  );
}
