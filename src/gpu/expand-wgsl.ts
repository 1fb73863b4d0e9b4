/** WGSL with its includes expanded, and for each line of `code` where it came from. */
export interface ExpandedWgsl {
  readonly code: string;
  readonly lines: readonly { file: string; line: number }[];
}

const IF = /^\s*\/\/ @(if ([A-Z_]+)|else|end)\s*$/;
const UNROLL = /^\s*\/\/ @unroll ([A-Z_]+)\s*$/;
const LOOP = /^(\s*)for \(var (\w+) = 0u; .*\) \{$/;
const INCLUDE = /^\s*\/\/ @include "([\w.]+)"\s*$/;

/**
 * Expands `// @include "name.wgsl"` lines (each file once, depth first), keeps the lines from `// @if NAME` to `// @end` only
 * where the constant NAME is not 0, those behind `// @else` where it is (a binding's type cannot depend on a WGSL constant), and prepends `const NAME: u32 = value;` for the
 * constants a kernel declares: override-sized private arrays do not exist in WGSL, so sizes such as the head dimension have
 * to be module constants.
 *
 * `// @unroll NAME` before a loop `for (var d = 0u; ..) {` writes its body NAME times, with `0u`, `1u`, .. in place of d; where NAME is
 * 0, or not given, the loop stays. SwiftShader unrolls nothing, and an array that is indexed by a variable lies in memory there.
 *
 * `enable` lines go to the top, where WGSL wants them.
 *
 * @throws Error where an included file does not exist, @if, @else and @end do not match, or no loop follows @unroll.
 */
export function expandWgsl(
  file: string,
  source: string,
  includes: ReadonlyMap<string, string>,
  constants: Readonly<Record<string, number>> = {},
): ExpandedWgsl {
  const enables: string[] = [];
  const enableLines: { file: string; line: number }[] = [];
  const code: string[] = [];
  const lines: { file: string; line: number }[] = [];
  const seen = new Set<string>();
  const names = Object.keys(constants);
  names.forEach((name, index) => {
    code.push(`const ${name}: u32 = ${constants[name]}u;`);
    lines.push({ file: '(constants)', line: index + 1 });
  });
  const append = (name: string, text: string): void => {
    /** For each open @if whether its lines are kept. */
    const open: boolean[] = [];
    for (const { line, index } of unrolled(name, text, constants)) {
      const [, directive, constant] = IF.exec(line) ?? [];
      if (directive !== undefined) {
        if (constant !== undefined) {
          const given = constants[constant];
          if (given === undefined && !open.includes(false))
            throw new Error(`${name}:${index + 1}: no constant ${constant} is given`);
          open.push(given !== 0);
          continue;
        }
        const last = open.pop();
        if (last === undefined) throw new Error(`${name}:${index + 1}: @${directive} does not match`);
        if (directive === 'else') open.push(!last);
        continue;
      }
      if (open.includes(false)) continue;
      if (/^enable \w/.test(line)) {
        // WGSL wants these before everything else.
        enables.push(line);
        enableLines.push({ file: name, line: index + 1 });
        continue;
      }
      const included = INCLUDE.exec(line)?.[1];
      if (included === undefined) {
        code.push(line);
        lines.push({ file: name, line: index + 1 });
        continue;
      }
      if (seen.has(included)) continue;
      seen.add(included);
      const text = includes.get(included);
      if (text === undefined) {
        throw new Error(`${name}:${index + 1} includes "${included}", which is not in shaders/include`);
      }
      append(included, text);
    }
    if (open.length > 0) throw new Error(`${name}: an @if has no @end`);
  };
  append(file, source);
  return { code: [...enables, ...code].join('\n'), lines: [...enableLines, ...lines] };
}

interface NumberedLine {
  readonly line: string;
  readonly index: number;
}

/** The lines of `text`, with the loops behind @unroll written out. */
function unrolled(name: string, text: string, constants: Readonly<Record<string, number>>): NumberedLine[] {
  const source = text.split('\n').map((line, index) => ({ line, index }));
  const result: NumberedLine[] = [];
  for (let entry = source.shift(); entry !== undefined; entry = source.shift()) {
    const constant = UNROLL.exec(entry.line)?.[1];
    if (constant === undefined) {
      result.push(entry);
      continue;
    }
    const [, indent, variable] = LOOP.exec(source[0]?.line ?? '') ?? [];
    const end = source.findIndex(({ line }) => line === `${indent}}`);
    const times = constants[constant] ?? 0;
    if (variable === undefined || end < 0) throw new Error(`${name}:${entry.index + 1}: no loop follows @unroll`);
    const loop = source.splice(0, end + 1);
    if (times === 0) {
      result.push(...loop);
      continue;
    }
    const use = new RegExp(`\\b${variable}\\b`, 'g');
    for (let i = 0; i < times; i++) {
      loop.forEach(({ line, index }, at) => {
        const opens = at === 0 ? `${indent}{` : line;
        result.push({ line: opens.replace(use, `${i}u`), index });
      });
    }
  }
  return result;
}

/** Names the file and line of a compiler message on expanded code. */
export function describeMessage(expanded: ExpandedWgsl, lineNumber: number, message: string): string {
  const origin = expanded.lines[lineNumber - 1];
  return origin === undefined ? message : `${origin.file}:${origin.line}: ${message}`;
}
