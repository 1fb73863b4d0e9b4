import type { TermId } from './term-ids';

interface TermProps {
  /** Anchor in docs/glossary.md. */
  id: TermId;
  className?: string;
  /** How it is read aloud, where it is written in signs. */
  label?: string;
  /** The sign that follows it: a line may otherwise begin with it, since it may break behind any button. */
  then?: string;
  children: React.ReactNode;
}

/** A sign that explains itself: pressed, it says what it means (TermPopover). */
export function Term({ id, className = '', label, then = '', children }: TermProps): React.JSX.Element {
  const button = (
    <button type="button" className={`term ${className}`} data-term={id} aria-label={label} aria-haspopup="dialog">
      {children}
    </button>
  );
  if (then === '') return button;
  return (
    <span className="term-then">
      {button}
      {then}
    </span>
  );
}
