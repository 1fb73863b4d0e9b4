/** Text of a stranger for a place on screen that has one line. */

const MAX_LINE = 200;
/** Control characters, and those that set the direction of text. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Short, and without marks that turn what stands beside it around. */
export function plainLine(text: string): string {
  const plain = text.slice(0, MAX_LINE + 1).replace(UNSEEN, ' ');
  return plain.length <= MAX_LINE ? plain : `${plain.slice(0, MAX_LINE - 1)}…`;
}
