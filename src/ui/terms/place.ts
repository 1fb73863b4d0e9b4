const GAP = 6;
const WIDTH = 320;

/** Under the sign, or above it where there is no room; within the window. */
export function place(popover: HTMLElement, sign: DOMRect): void {
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
