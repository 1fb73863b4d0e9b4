/** Whether a file begins as a zip archive does. Less than these four bytes also begins facts, or weights by their header's length. */
export function isZip([p, k, three, four]: Uint8Array): boolean {
  return p === 0x50 && k === 0x4b && three === 3 && four === 4;
}
