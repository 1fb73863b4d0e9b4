/** WGSL with its includes expanded, and for each line of `code` where it came from. */
export interface ExpandedWgsl {
  readonly code: string;
  readonly lines: readonly { file: string; line: number }[];
}

const INCLUDE = /^\s*\/\/ @include "([\w.]+)"\s*$/;

/**
 * Expands `// @include "name.wgsl"` lines (each file once, depth first) and prepends `const NAME: u32 = value;` for the
 * constants a kernel declares: override-sized private arrays do not exist in WGSL, so sizes such as the head dimension have
 * to be module constants.
 *
 * @throws Error where an included file does not exist.
 */
export function expandWgsl(
  file: string,
  source: string,
  includes: ReadonlyMap<string, string>,
  constants: Readonly<Record<string, number>> = {},
): ExpandedWgsl {
  const code: string[] = [];
  const lines: { file: string; line: number }[] = [];
  const seen = new Set<string>();
  const names = Object.keys(constants);
  names.forEach((name, index) => {
    code.push(`const ${name}: u32 = ${constants[name]}u;`);
    lines.push({ file: '(constants)', line: index + 1 });
  });
  const append = (name: string, text: string): void => {
    text.split('\n').forEach((line, index) => {
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
  };
  append(file, source);
  return { code: code.join('\n'), lines };
}

/** Names the file and line of a compiler message on expanded code. */
export function describeMessage(expanded: ExpandedWgsl, lineNumber: number, message: string): string {
  const origin = expanded.lines[lineNumber - 1];
  return origin === undefined ? message : `${origin.file}:${origin.line}: ${message}`;
}
