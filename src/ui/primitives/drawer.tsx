import './drawer.css';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

interface DrawerProps {
  title: string;
  onClose: () => void;
  /** Over most of the page, for what stands in columns. */
  wide?: boolean;
  /** Under what scrolls. */
  foot?: ReactNode;
  children: ReactNode;
}

/** A panel over the right side of the page; the focus goes into it and, when it closes, back to where it was. */
export function Drawer({ title, onClose, wide = false, foot, children }: DrawerProps): React.JSX.Element {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    drawer.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section className={wide ? 'drawer drawer-wide' : 'drawer'} aria-label={title} tabIndex={-1} ref={drawer}>
      <div className="drawer-head">
        <h2>{title}</h2>
        <button type="button" className="button plain" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="drawer-body">{children}</div>
      {foot}
    </section>
  );
}
