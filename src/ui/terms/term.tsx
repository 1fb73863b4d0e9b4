import type { TermId } from './term-ids';

interface TermProps {
  /** Anchor in docs/glossary.md. */
  id: TermId;
  className?: string;
  children: React.ReactNode;
}

/** A sign that explains itself: pressed, it says what it means (TermPopover). */
export function Term({ id, className = '', children }: TermProps): React.JSX.Element {
  return (
    <button type="button" className={`term ${className}`} data-term={id} aria-haspopup="dialog">
      {children}
    </button>
  );
}
