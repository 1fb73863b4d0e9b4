/** What kind of text rollouts stand in, by its beginning: JSON, a table with a header, or what a trainer printed. */

export const SEPARATORS = ['\t', ',', ';', '|'] as const;

/** Columns of what a model wrote, and of what it was asked. */
const WRITTEN =
  /^(?:completions?|responses?|outputs?|messages|conversations?|generated_text|generation|generated|model_output|prediction|predict|pred|trajectory|rollout|output_response|solution_str|draft|final|raw_output|final_response|actual_output|user_input|trace|\S{0,20}\boutput[_.]messages)$/;
const ASKED =
  /^(?:question|query|problem|prompts?|inputs?|input_prompt|prompt_text|messages|conversations?|text|user_input|request|\S{0,20}\binput[_.]messages)$/;
/** What Search-R1's reward prints of a rollout. */
const PRINTED = /(?:^|\n|\) |m )Solution string: /;

/** A list of three words or texts is a fact: ["Oslo", "capital of", "Norway"]. No part may give back what another takes: a file may begin with a megabyte of blank lines. */
const WORD = `(?:"(?:[^"\\\\]|\\\\.){0,300}"|'(?:[^'\\\\]|\\\\.){0,300}'|[^\\s\\d"'[\\](){},-][^"'[\\](){},\\n]{0,300})`;
const FACT = new RegExp(`^\\s*(?:\\[\\s*)?[[(]\\s*${WORD}\\s*,\\s*${WORD}\\s*,\\s*${WORD}\\s*[\\])]`);
/** Keys of a fact, one of each, in the first object. */
const FACT_KEYS = [
  /"(?:subject|subj|head|s|h)"\s*:/,
  /"(?:relation|predicate|rel|r|p)"\s*:/,
  /"(?:object|obj|tail|o|t)"\s*:/,
];

const ASKS = /"(?:prompt|question|completion|response|output|messages)"\s*:/;

/** Lists of three and objects of facts begin as rollouts in JSON do. */
export function isFact(head: string): boolean {
  if (FACT.test(head)) return true;
  const [object = ''] = head.slice(0, 2000).split('}', 1);
  return FACT_KEYS.every((key) => key.test(object)) && !ASKS.test(object);
}

export type TextKind = 'json' | 'table' | 'printed';

/** null for what is none of them. @param head as far as it is there */
export function textKind(head: string): TextKind | null {
  // A sequence of RFC 7464 has a sign of its own before each text.
  if (isFact(head)) return null;
  if (/^\s*[[{]/.test(head) || head.startsWith('\u001e')) return 'json';
  if (tableSeparator(head) !== null) return 'table';
  return PRINTED.test(head) ? 'printed' : null;
}

/** What stands between the columns of a table of rollouts; null where its first line names none. */
export function tableSeparator(head: string): string | null {
  const [line = ''] = head.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1);
  for (const separator of SEPARATORS) {
    const names = line.split(separator).map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
    if (names.length > 1 && names.some((name) => WRITTEN.test(name)) && names.some((name) => ASKED.test(name))) {
      return separator;
    }
  }
  return null;
}
