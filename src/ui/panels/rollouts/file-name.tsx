import { useId, useRef } from 'react';
import { useStudioState } from '../../studio-context';
import { place } from '../../terms/place';
import { shortened } from './middle';

/** The file on screen, in the status line: whole where it is short, else at a press. */
export function FileName(): React.JSX.Element | null {
  const name = useStudioState((state) => state.rollouts.file?.name ?? null);
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();
  if (name === null) return null;
  const short = shortened(name);
  if (short === name) return <b>{name}</b>;
  return (
    <>
      <button
        type="button"
        className="term"
        aria-label={`File ${name}`}
        aria-haspopup="dialog"
        popoverTarget={id}
        onClick={({ currentTarget }) => {
          if (popover.current) place(popover.current, currentTarget.getBoundingClientRect());
        }}
      >
        <b>{short}</b>
      </button>
      <div ref={popover} id={id} popover="auto" className="term-popover" role="dialog" aria-label="Name of the file">
        <p className="file-name">{name}</p>
      </div>
    </>
  );
}
