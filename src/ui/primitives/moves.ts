/** What keys and the pointer do to an order, to scissors and to a drawn curve. Pure. */

/** The order with what stands in one place put into another; as it was where there is no such place. */
export function moveTo(order: readonly number[], from: number, to: number): readonly number[] {
  if (from === to || from < 0 || to < 0 || from >= order.length || to >= order.length) return order;
  return order.toSpliced(from, 1).toSpliced(to, 0, ...order.slice(from, from + 1));
}

/**
 * Where a key takes the scissors; null where it does nothing.
 *
 * @param cut 0 accepts, j cuts at step j, -1 while they lie aside
 */
export function cutByKey(key: string, cut: number, steps: number): number | null {
  const within = (target: number): number => Math.min(steps, Math.max(0, target));
  if (/^\d$/.test(key)) return Number(key) <= steps ? Number(key) : null;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(cut - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(cut + 1);
    case 'Home':
      return 0;
    case 'End':
      return steps;
    default:
      return null;
  }
}

export interface Range {
  min: number;
  max: number;
  /** Of an arrow key. */
  step: number;
}

/** Where a key takes a value; null where it does nothing. */
export function valueByKey(key: string, value: number, { min, max, step }: Range): number | null {
  const by = (steps: number): number => nearest(value + steps * step, { min, max, step });
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return by(-1);
    case 'ArrowRight':
    case 'ArrowUp':
      return by(1);
    case 'PageDown':
      return by(-5);
    case 'PageUp':
      return by(5);
    case 'Home':
      return min;
    case 'End':
      return max;
    default:
      return null;
  }
}

/** The nearest value that the keys reach too. */
export function nearest(value: number, { min, max, step }: Range): number {
  const steps = Math.round((Math.min(max, Math.max(min, value)) - min) / step);
  // 3 x 0.02 is not 0.06.
  return Math.min(max, Number((min + steps * step).toFixed(6)));
}

/** Sets one point of a curve; one that nobody has touched yet becomes level with it. */
export function setPoint(points: readonly number[], count: number, at: number, value: number): readonly number[] {
  if (points.length !== count) return Array.from({ length: count }, () => value);
  return points.with(at, value);
}

/** A stroke of the pointer from one point of a curve to another: those between lie on the line. */
export function drawTo(
  points: readonly number[],
  count: number,
  from: { at: number; value: number },
  to: { at: number; value: number },
): readonly number[] {
  const steps = Math.abs(to.at - from.at);
  let drawn = setPoint(points, count, to.at, to.value);
  for (let k = 1; k < steps; k++) {
    const at = from.at + Math.sign(to.at - from.at) * k;
    drawn = setPoint(drawn, count, at, from.value + ((to.value - from.value) * k) / steps);
  }
  return drawn;
}
