import './pieces.css';
import { useLayoutEffect, useRef, useState } from 'react';

interface PiecesProps {
  label: string;
  /** Their names. */
  items: readonly string[];
  /** Those that stand there, in their order; one may stand there more than once. */
  pieces: readonly number[];
  /** Pieces at most. */
  most: number;
  disabled?: boolean;
  onChange: (pieces: readonly number[]) => void;
  words: { again: (item: string) => string; out: (item: string) => string; back: string; none: string };
}

/** So far to the side, in pixels, that nobody does it by accident. */
const OUT = 60;

/** Pieces in a row: dragged out to a side or taken out by a button, repeated at the end, all put back. */
export function Pieces({
  label,
  items,
  pieces,
  most,
  disabled = false,
  onChange,
  words,
}: PiecesProps): React.JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<{ place: number; from: number; by: number } | null>(null);
  /** Where the focus goes once a piece is out: its button goes with it. */
  const next = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (next.current === null) return;
    const outs = root.current?.querySelectorAll<HTMLButtonElement>('[data-part="out"]');
    const place = Math.min(next.current, (outs?.length ?? 0) - 1);
    next.current = null;
    (outs?.[place] ?? root.current?.querySelector<HTMLButtonElement>('[data-part="back"]'))?.focus();
  }, [pieces]);

  const takeOut = (place: number): void => {
    next.current = place;
    onChange(pieces.toSpliced(place, 1));
  };
  const drop = (): void => {
    setHeld(null);
    if (held !== null && Math.abs(held.by) >= OUT) takeOut(held.place);
  };
  const whole = pieces.length === items.length && pieces.every((piece, at) => piece === at);
  return (
    <div ref={root}>
      <ol className="pieces" aria-label={label}>
        {pieces.map((piece, place) => {
          const item = items[piece] ?? '';
          const by = held?.place === place ? held.by : 0;
          return (
            <li
              key={place}
              className="piece"
              data-leaving={Math.abs(by) >= OUT ? '' : undefined}
              style={by === 0 ? undefined : { transform: `translateX(${by}px)` }}
            >
              <span
                className="piece-label"
                onPointerDown={(event) => {
                  if (disabled) return;
                  event.currentTarget.setPointerCapture(event.pointerId);
                  setHeld({ place, from: event.clientX, by: 0 });
                }}
                onPointerMove={(event) => held && setHeld({ ...held, by: event.clientX - held.from })}
                onPointerUp={drop}
                onPointerCancel={() => setHeld(null)}
              >
                {item}
              </span>
              <button
                type="button"
                className="button piece-button"
                aria-label={words.again(item)}
                disabled={disabled || pieces.length >= most}
                onClick={() => onChange([...pieces, piece])}
              >
                <span aria-hidden="true">+</span>
              </button>
              <button
                type="button"
                className="button piece-button"
                data-part="out"
                aria-label={words.out(item)}
                disabled={disabled}
                onClick={() => takeOut(place)}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          );
        })}
      </ol>
      {pieces.length === 0 && <p className="quiet">{words.none}</p>}
      {!disabled && (
        <button
          type="button"
          className="button"
          data-part="back"
          disabled={whole}
          onClick={() => onChange(items.map((_, at) => at))}
        >
          {words.back}
        </button>
      )}
    </div>
  );
}
