/** How passages are put into a text: as those of the rollout at hand are. */
import { readPassages } from '../reading/passages';
import type { LivePassage } from './live-server';

export interface PassageStyle {
  write(passages: readonly LivePassage[]): string;
  /** Whether it writes those of the rollout at hand as they stand there, to the last character. */
  exact: boolean;
}

/** What stands before a passage's text: Search-R1's own first. */
const HEADS = [
  ...['Doc {k}(Title: "{t}") ', 'Doc {k}(Title: {t}) ', 'Doc {k} (Title: "{t}") ', 'Doc {k} (Title: {t}) '],
  ...[
    'Doc {k}: ',
    'Document {k}: ',
    '[{k}] "{t}"\n',
    '[{k}] {t}\n',
    '[{k}] ',
    '({k}){t} ',
    '"{t}"\n',
    '{t}\n',
    '{t}: ',
    '',
  ],
];
const BETWEEN = ['\n', '\n\n', ' '];

/** @param inner what stands between the tags of results; null where there is none to look at */
export function passageStyle(inner: string | null): PassageStyle {
  const [head = '', between = ''] = [HEADS[0], BETWEEN[0]];
  if (inner === null || inner.trim() === '') {
    return { write: (passages) => `${written(passages, head, between)}\n`, exact: true };
  }
  const found = readPassages(inner);
  const wanted = inner.trim();
  const [lead, trail] = [/^\s*/.exec(inner)?.[0] ?? '', /\s*$/.exec(inner)?.[0] ?? ''];
  const around = (said: string): string => `${lead}${said}${trail}`;
  for (const one of HEADS) {
    for (const gap of BETWEEN) {
      if (written(found, one, gap).trim() !== wanted) continue;
      return { write: (passages) => around(written(passages, one, gap)), exact: true };
    }
  }
  return { write: (passages) => around(written(passages, head, between)), exact: false };
}

function written(passages: readonly LivePassage[], head: string, between: string): string {
  return passages
    .map(({ title, text }, k) => {
      // Functions, since titles may hold "$&".
      const begin = head.replace('{k}', String(k + 1)).replace('{t}', () => title);
      return `${begin}${text}`;
    })
    .join(between);
}
