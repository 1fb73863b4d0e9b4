/** A word of a shell line, quotes taken off; `"$x"` and the like stay as they are. */
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"';|&])+|[;|&]+/g;
const ASSIGNMENT = /^[A-Z][A-Z0-9_]*=/;

/**
 * The simple commands of shell text, a line each or several with `;`, `|` or `&&` between, comments left out.
 *
 * @param {string} text
 * @param {number} line of its first line
 * @returns {{line: number, variables: string[], words: string[]}[]} variables: names that are set before the command
 */
export function readShell(text, line = 1) {
  const commands = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const at = line + i;
    let whole = lines[i];
    while (whole.endsWith('\\') && i + 1 < lines.length) whole = `${whole.slice(0, -1)} ${lines[(i += 1)]}`;
    let words = [];
    const finish = () => {
      const start = words.findIndex((word) => !ASSIGNMENT.test(word));
      const variables = words.slice(0, start < 0 ? words.length : start).map((word) => word.split('=')[0]);
      if (words.length > 0) commands.push({ line: at, variables, words: start < 0 ? [] : words.slice(start) });
      words = [];
    };
    for (const [word] of whole.replace(/(^|\s)#.*$/, '').matchAll(WORD)) {
      if (/^[;|&]/.test(word)) finish();
      else words.push(word.replace(/^(["'])(.*)\1$/, '$2'));
    }
    finish();
  }
  return commands;
}
