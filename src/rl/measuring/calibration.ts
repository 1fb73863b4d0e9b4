/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Predictions from..to (the last bin includes its end). */
  from: number;
  to: number;
  /** Weight of the cases that fall here, a share of all. */
  share: number;
  /** Mean prediction, and how often the event happened; null in an empty bin. */
  predicted: number | null;
  observed: number | null;
}

export interface Calibration {
  bins: ReliabilityBin[];
  /** Mean of (prediction - event)^2 (Brier 1950). */
  brier: number;
  /** Brier score of always predicting the event's frequency p: p (1 - p). */
  brierReference: number;
  /** Expected calibration error: mean over the bins of |predicted - observed|, by share. */
  error: number;
  /** Area under the ROC curve: chance that a case with the event has the higher prediction, ties half; null with one kind alone. */
  auc: number | null;
}

/**
 * How well predicted probabilities of an event match what happened.
 *
 * @param predicted (N) in [0, 1]
 * @param events (N) 0 or 1
 * @param weights (N) of the cases, sum 1
 */
export function calibrate(
  predicted: ArrayLike<number>,
  events: ArrayLike<number>,
  weights: ArrayLike<number>,
  binCount = 10,
): Calibration {
  const cases = Array.from(weights, (w, i) => ({ p: predicted[i] ?? 0, y: events[i] ?? 0, w }));
  const total = (of: (c: (typeof cases)[number]) => number) => cases.reduce((sum, c) => sum + c.w * of(c), 0);
  const bins = Array.from({ length: binCount }, () => ({ w: 0, p: 0, y: 0 }));
  for (const { p, y, w } of cases) {
    const bin = bins[Math.min(binCount - 1, Math.floor(p * binCount))];
    if (bin === undefined) continue;
    bin.w += w;
    bin.p += w * p;
    bin.y += w * y;
  }
  const frequency = total(({ y }) => y);
  return {
    bins: bins.map(({ w, p, y }, k) => ({
      from: k / binCount,
      to: (k + 1) / binCount,
      share: w,
      predicted: w === 0 ? null : p / w,
      observed: w === 0 ? null : y / w,
    })),
    brier: total(({ p, y }) => (p - y) ** 2),
    brierReference: frequency * (1 - frequency),
    error: bins.reduce((sum, { p, y }) => sum + Math.abs(p - y), 0),
    auc: areaUnderCurve(cases),
  };
}

/**
 * Area under the ROC curve, by ranks: one pass over the cases in ascending order of prediction, equal predictions together.
 *
 * @param cases p: prediction, y: whether it came so (0 or 1), w: weight
 * @returns null with one kind alone
 */
export function areaUnderCurve(cases: readonly { p: number; y: number; w: number }[]): number | null {
  const sorted = cases.toSorted((a, b) => a.p - b.p);
  let below = 0;
  let above = 0;
  let area = 0;
  for (let i = 0; i < sorted.length;) {
    let [without, having] = [0, 0];
    const p = sorted[i]?.p;
    for (; sorted[i]?.p === p; i++) {
      const { y = 0, w = 0 } = sorted[i] ?? {};
      if (y === 1) having += w;
      else without += w;
    }
    area += having * (below + without / 2);
    below += without;
    above += having;
  }
  return below === 0 || above === 0 ? null : area / (below * above);
}
