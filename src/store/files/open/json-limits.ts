/** Whether JSON of a stranger would take too long to be made into objects, seen before it is. */

/** The deepest header of ours has 6. */
const MAX_DEPTH = 64;
/** A full recording has a tenth of it. */
const MAX_VALUES = 2_000_000;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Counts brackets, commas and colons outside of texts; what is no JSON may pass. */
export function isTooMuchJson(bytes: Uint8Array): boolean {
  let depth = 0;
  let values = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === COMMA || byte === COLON) values += 1;
    else if (byte === OPEN || byte === OPEN_LIST) {
      values += 1;
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
    if (values > MAX_VALUES) return true;
  }
  return false;
}
