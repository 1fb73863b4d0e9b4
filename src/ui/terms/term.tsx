import type { TermId } from './term-ids';

interface TermProps {
  /** Anchor in docs/glossary.md. */
  id: TermId;
  className?: string;
  /** How it is read aloud, where it is written in signs. */
  label?: string;
  children: React.ReactNode;
}

/** A sign that explains itself: pressed, it says what it means (TermPopover). */
export function Term({ id, className = '', label, children }: TermProps): React.JSX.Element {
  return (
    <button type="button" className={`term ${className}`} data-term={id} aria-label={label} aria-haspopup="dialog">
      {children}
    </button>
  );
}
