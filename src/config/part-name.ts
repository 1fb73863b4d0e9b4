/** What a part of a world is called: a link that names it names the seed, so the part can be drawn again from the whole. */

const PART = / part (\d{1,9})$/;

export function partName(name: string, seed: number): string {
  return `${name.replace(PART, '')} part ${seed}`;
}

/** The seed in such a name, null in any other. */
export function partSeed(name: string): number | null {
  const [, seed] = PART.exec(name) ?? [];
  return seed === undefined ? null : Number(seed);
}
