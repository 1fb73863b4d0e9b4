import process from 'node:process';

const WARM_UP = 50;

/** The same work each time, some milliseconds of it. */
function work() {
  let sum = 0;
  for (let k = 0; k < 3_000_000; k += 1) sum = Math.imul(sum ^ k, 0x9e3779b1);
  return sum;
}

/**
 * How far the clock of thread time is to be trusted here: the same piece of work again and again. On a virtual machine it may
 * also count what the host takes away: now and then a piece seems to take many times as long.
 *
 * @param {number} pieces
 * @returns {{pieces: number, sum: number, medianMs: number, longestMs: number}}
 */
export function clockNoise(pieces) {
  const took = [];
  let sum = 0;
  for (let k = 0; k < WARM_UP + pieces; k += 1) {
    const before = process.cpuUsage();
    sum = (sum + work()) | 0;
    const { user, system } = process.cpuUsage(before);
    if (k >= WARM_UP) took.push((user + system) / 1000);
  }
  took.sort((a, b) => a - b);
  // The sum keeps the work from being left out.
  return { pieces, sum, medianMs: took[took.length >> 1] ?? Number.NaN, longestMs: took.at(-1) ?? Number.NaN };
}
