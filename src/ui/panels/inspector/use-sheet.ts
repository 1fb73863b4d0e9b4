import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** As in app.css. */
const TELEPHONE = '(width <= 760px)';
/** So far down lets go of it; a finger that moves less meant to press. */
const SWIPE = 72;
const STILL = 8;

interface Sheet {
  open: boolean;
  /** Of the grip at its top, which a finger pulls down. */
  grip: Pick<React.ComponentProps<'button'>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onClick'>;
}

/**
 * On a telephone, a step that is pressed brings the panel up from the bottom of the screen, where the thumb is. The focus goes
 * into it and, when it closes, back to the step.
 */
export function useSheet(panel: RefObject<HTMLElement | null>): Sheet {
  const [open, setOpen] = useState(false);
  const opener = useRef<Element | null>(null);
  const from = useRef<{ y: number; down: number } | null>(null);
  const close = (): void => {
    setOpen(false);
    panel.current?.style.removeProperty('translate');
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
  useEffect(() => {
    const onClick = ({ target }: MouseEvent): void => {
      const step = target instanceof Element ? target.closest('.step-button') : null;
      if (step === null || !window.matchMedia(TELEPHONE).matches) return;
      opener.current = step;
      setOpen(true);
      panel.current?.focus({ preventScroll: true });
    };
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, [panel]);
  useEffect(() => {
    if (!open) return;
    const media = window.matchMedia(TELEPHONE);
    const onChange = (): void => setOpen(media.matches);
    media.addEventListener('change', onChange);
    return () => media.removeEventListener('change', onChange);
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const onKey = ({ key }: KeyboardEvent): void => {
      // An explanation above it goes first.
      if (key === 'Escape' && document.querySelector(':popover-open') === null) close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  return {
    open,
    grip: {
      onPointerDown: (event) => {
        from.current = { y: event.clientY, down: 0 };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        if (from.current === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        from.current.down = Math.max(0, event.clientY - from.current.y);
        panel.current?.style.setProperty('translate', `0 ${from.current.down}px`);
      },
      onPointerUp: () => panel.current?.style.removeProperty('translate'),
      // Follows the finger's end, and is what a keyboard does.
      onClick: () => {
        const { down } = from.current ?? { down: 0 };
        from.current = null;
        if (down < STILL || down >= SWIPE) close();
      },
    },
  };
}
