/** One popover for all signs that explain themselves: a press anywhere on one opens it beside. */
import './terms.css';
import { useEffect, useRef, useState } from 'react';
import type { GlossaryEntry } from './glossary';
import { isTermId } from './term-ids';

const GAP = 6;
const WIDTH = 320;

export function TermPopover(): React.JSX.Element {
  const popover = useRef<HTMLDivElement>(null);
  const [entry, setEntry] = useState<GlossaryEntry | null>(null);
  useEffect(() => {
    const open = (event: MouseEvent): void => {
      const sign = event.target instanceof Element ? event.target.closest('[data-term]') : null;
      const id = sign instanceof HTMLElement ? sign.dataset['term'] : undefined;
      if (sign === null || !isTermId(id)) return;
      void import('./glossary').then(({ GLOSSARY }) => {
        const { current } = popover;
        if (current === null) return;
        setEntry(GLOSSARY.get(id) ?? null);
        place(current, sign.getBoundingClientRect());
        current.showPopover();
      });
    };
    document.addEventListener('click', open);
    return () => document.removeEventListener('click', open);
  }, []);
  return (
    <div ref={popover} popover="auto" className="term-popover" role="dialog" aria-label={entry?.term ?? 'Explanation'}>
      {entry && (
        <>
          <p>
            <b>{entry.term}</b>
          </p>
          <p aria-live="polite">{entry.text}</p>
          {entry.good && <p className="quiet">Good is {entry.good}.</p>}
        </>
      )}
    </div>
  );
}

/** Under the sign, or above it where there is no room; within the window. */
function place(popover: HTMLElement, sign: DOMRect): void {
  const { innerWidth, innerHeight } = window;
  const left = Math.max(GAP, Math.min(sign.left, innerWidth - WIDTH - GAP));
  const below = sign.bottom + GAP;
  const fits = below + 160 < innerHeight;
  Object.assign(popover.style, {
    left: `${left}px`,
    top: fits ? `${below}px` : 'auto',
    bottom: fits ? 'auto' : `${innerHeight - sign.top + GAP}px`,
  });
}
