import { beforeEach } from 'vitest';

/** Seconds for every mutant that they reach, where other tests look at the same lines. */
const SLOW = [
  // 10,000 hostile lines of rollouts.
  /^become a record or a reason, never anything else/,
  // 10,000 damaged capsules; one of half a gigabyte.
  /^never does anything but be read or refused/,
  /^is refused when it unpacks to more than memory should hold/,
  // Hundreds of bootstraps.
  /^have intervals that hold the gap of the identity/,
];

beforeEach(({ task, skip }) => {
  skip(SLOW.some((name) => name.test(task.name)));
});
