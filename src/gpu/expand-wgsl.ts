/** WGSL with its includes expanded, and for each line of `code` where it came from. */
export interface ExpandedWgsl {
  readonly code: string;
  readonly lines: readonly { file: string; line: number }[];
}

const IF = /^\s*\/\/ @(if ([A-Z_]+)|else|end)\s*$/;
const INCLUDE = /^\s*\/\/ @include "([\w.]+)"\s*$/;

/**
 * Expands `// @include "name.wgsl"` lines (each file once, depth first), keeps the lines from `// @if NAME` to `// @end` only
 * where the constant NAME is not 0, those behind `// @else` where it is (a binding's type cannot depend on a WGSL constant), and prepends `const NAME: u32 = value;` for the
 * constants a kernel declares: override-sized private arrays do not exist in WGSL, so sizes such as the head dimension have
 * to be module constants.
 *
 * `enable` lines go to the top, where WGSL wants them.
 *
 * @throws Error where an included file does not exist, or @if, @else and @end do not match.
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
    /** Whether the lines of the open @if are kept; undefined outside of one. */
    let kept: boolean | undefined;
    text.split('\n').forEach((line, index) => {
      const [, directive, constant] = IF.exec(line) ?? [];
      if (directive !== undefined) {
        const opens = constant !== undefined;
        if (opens === (kept !== undefined)) throw new Error(`${name}:${index + 1}: @${directive} does not match`);
        if (opens && !(constant in constants))
          throw new Error(`${name}:${index + 1}: no constant ${constant} is given`);
        kept = opens ? constants[constant] !== 0 : directive === 'else' ? !kept : undefined;
        return;
      }
      if (kept === false) return;
      if (/^enable \w/.test(line)) {
        // WGSL wants these before everything else.
        enables.push(line);
        enableLines.push({ file: name, line: index + 1 });
        return;
      }
      const included = INCLUDE.exec(line)?.[1];
      if (included === undefined) {
        code.push(line);
        lines.push({ file: name, line: index + 1 });
        return;
      }
      if (seen.has(included)) return;
      seen.add(included);
      const text = includes.get(included);
      if (text === undefined) {
        throw new Error(`${name}:${index + 1} includes "${included}", which is not in shaders/include`);
      }
      append(included, text);
    });
    if (kept !== undefined) throw new Error(`${name}: an @if has no @end`);
  };
  append(file, source);
  return { code: [...enables, ...code].join('\n'), lines: [...enableLines, ...lines] };
}

/** Names the file and line of a compiler message on expanded code. */
export function describeMessage(expanded: ExpandedWgsl, lineNumber: number, message: string): string {
  const origin = expanded.lines[lineNumber - 1];
  return origin === undefined ? message : `${origin.file}:${origin.line}: ${message}`;
}
