import { closest, distance } from 'fastest-levenshtein';

const FARTHEST = 2;

/** ", did you mean x?" where one of the names is near; else nothing. */
export function meant(name, names) {
  const near = closest(name, [...names]);
  return near !== undefined && distance(name, near) <= FARTHEST ? `, did you mean ${near}?` : '';
}
