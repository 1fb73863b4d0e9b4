import { describe, expect, it } from 'vitest';
import type { SideView, StepView } from './decode-trajectory';
import { htmlPage } from './html-page';

const HOSTILE = `</style></title><script src="//x.test/a.js">alert('1')</script><img src=x onerror=alert(1)>&lt;"'`;

const step = (number: number, kind: StepView['kind'], text: string): StepView => ({
  ...{ number, kind, text, label: text, start: 0, end: 1, thought: `thinks ${HOSTILE}`, useful: 1, share: 1 },
  passages:
    kind === 'search'
      ? [{ id: 1, source: HOSTILE, sentence: HOSTILE, matched: [], score: null, evidence: 'rumour' as const }]
      : [],
});
const side = (steps: StepView[], em: 0 | 1 | null): SideView => ({
  ...{ steps, em, searches: 1, answer: HOSTILE, reward: em === null ? null : 1.5, coverage: 1 },
  ...{ endReason: HOSTILE, answerNote: HOSTILE },
});
const draft = side([step(1, 'search', HOSTILE), step(2, 'unfinished', HOSTILE)], null);
const final = side([step(1, 'search', HOSTILE), step(2, 'answer', HOSTILE)], 1);
const page = htmlPage({
  ...{ question: HOSTILE, rightAnswer: HOSTILE, about: [HOSTILE] },
  columns: [
    { title: HOSTILE, note: HOSTILE, side: draft, from: 1 },
    { title: 'Final', note: 'cut at step 2', side: final, from: 2 },
  ],
  remarks: [{ place: HOSTILE, labels: [HOSTILE], note: HOSTILE }],
});

describe('a page of trajectories', () => {
  it('has what others wrote as text alone', () => {
    const tags = [...page.matchAll(/<\/?([a-z!][a-z0-9]*)([^>]*)>/g)].map(([, name, rest]) => `${name}${rest}`);
    const known =
      /^(!doctype|html|head|meta|title|style|body|header|main|aside|section|div|h1|h2|p|b|span|ol|ul|li)( (lang|charset|name|content|http-equiv|class)="[^"<>]*")*$/;
    expect(tags.filter((tag) => !known.test(tag.replace(/^!doctype html$/, '!doctype')))).toEqual([]);
    expect(page.split('</style>')).toHaveLength(2);
    expect(page.match(/&lt;script src=&quot;/g)?.length).toBeGreaterThan(10);
  });

  it('wants nothing from elsewhere', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page.replaceAll('//x.test', '')).not.toMatch(/url\(|@import|https?:|\/\/[a-z]|<(link|script|img|iframe)\b/i);
  });

  it('says what each column came to, and what it shares with the first', () => {
    expect(page).toContain('as in the draft');
    expect(page).toContain('EM unknown, R unknown');
    expect(page).toContain('EM 1, R 1.50');
    expect(page).toContain('<b class="rumour">rumour</b>');
    expect(page.match(/class="step regrown"/g)).toHaveLength(1);
    expect(page).toContain('@media print');
    expect(page).toContain('color-scheme: light dark');
  });
});
