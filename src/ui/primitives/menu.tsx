import { useRef } from 'react';
import type { ReactNode } from 'react';

interface MenuProps {
  text: string;
  /** Accessible name, where the text alone does not say it. */
  label?: string;
  className?: string;
  /** Told when it opens. */
  onOpen?: () => void;
  /** It holds a form, which closes itself (`closeMenu`); else it closes when anything in it is pressed. */
  stays?: boolean;
  children: ReactNode;
}

/** A button with a list of buttons under it; it closes when one is pressed, on Escape and when the focus leaves. */
export function Menu({ text, label, className = '', onOpen, stays = false, children }: MenuProps): React.JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => menu.current?.removeAttribute('open');
  return (
    <details
      className="menu"
      ref={menu}
      onToggle={(event) => {
        if (event.currentTarget.open) onOpen?.();
      }}
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
      {/* What is pressed beside the fields of a form takes the focus, so that it stays inside. */}
      <div className="menu-items" {...(stays ? { tabIndex: -1 } : { onClick: close })}>
        {children}
      </div>
    </details>
  );
}

/** Closes the menu that an element stands in. */
export function closeMenu(inside: Element): void {
  const menu = inside.closest('details');
  menu?.removeAttribute('open');
  menu?.querySelector('summary')?.focus();
}
