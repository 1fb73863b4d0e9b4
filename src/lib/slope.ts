import { mean } from './stats';
import { studentQuantile } from './special';

export interface Slope {
  /** Change of y a unit of x. */
  slope: number;
  /** Of its 95 % interval, where the errors are independent of each other. */
  halfWidth: number;
}

/** The line of least squares through the points. @throws RangeError for fewer than three */
export function slopeOf(x: readonly number[], y: readonly number[]): Slope {
  const n = x.length;
  if (n < 3 || y.length !== n) throw new RangeError('A slope with an interval needs three points.');
  const [mx, my] = [mean(x), mean(y)];
  let [sxx, sxy] = [0, 0];
  x.forEach((value, i) => {
    sxx += (value - mx) ** 2;
    sxy += (value - mx) * ((y[i] ?? 0) - my);
  });
  const slope = sxy / sxx;
  const rest = x.reduce((sum, value, i) => sum + ((y[i] ?? 0) - my - slope * (value - mx)) ** 2, 0);
  return { slope, halfWidth: studentQuantile(0.975, n - 2) * Math.sqrt(rest / (n - 2) / sxx) };
}
