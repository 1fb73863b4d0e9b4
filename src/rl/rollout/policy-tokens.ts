import type { SpecialTokens } from '../../retrieval/vocabulary';

/**
 * Positions that the policy wrote: everything after the question but the information blocks, which the environment inserts.
 * The policy may never write an information tag, so the tags tell.
 *
 * @param start offset of the row in `tokens`
 */
export function policyPositions(
  tokens: ArrayLike<number>,
  start: number,
  length: number,
  special: SpecialTokens,
): number[] {
  const positions: number[] = [];
  let asked = false;
  let forced = false;
  for (let t = 0; t < length; t++) {
    const token = tokens[start + t];
    if (!asked) {
      asked = token === special.question;
      continue;
    }
    if (token === special.information) forced = true;
    if (!forced) positions.push(t);
    if (token === special.endInformation) forced = false;
  }
  return positions;
}
