import { useRef } from 'react';
import type { ReactNode } from 'react';

interface MenuProps {
  text: string;
  /** Accessible name, where the text alone does not say it. */
  label?: string;
  className?: string;
  children: ReactNode;
}

/** A button with a list of buttons under it; it closes when one is pressed, on Escape and when the focus leaves. */
export function Menu({ text, label, className = '', children }: MenuProps): React.JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => menu.current?.removeAttribute('open');
  return (
    <details
      className="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <summary className={`button ${className}`} aria-label={label}>
        {text}
      </summary>
      <div className="menu-items" onClick={close}>
        {children}
      </div>
    </details>
  );
}
