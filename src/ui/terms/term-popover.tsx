/** One popover for all signs that explain themselves: a press anywhere on one opens it beside. */
import './terms.css';
import { useEffect, useRef, useState } from 'react';
import type { GlossaryEntry } from './glossary';
import { place } from './place';
import { isTermId } from './term-ids';

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
