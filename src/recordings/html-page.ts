/**
 * Trajectories side by side as one HTML file: no script, nothing from elsewhere, for print and for either colour scheme. All that
 * was written by a model, a file or a person is text in it, never markup.
 */
import type { PassageView, SideView, StepView } from './decode-trajectory';

export interface PageColumn {
  title: string;
  /** What became of it, in a few words. */
  note: string;
  side: SideView;
  /** Its first step that is not the first column's; 1 for a column of its own. */
  from: number;
}

export interface PageRemark {
  place: string;
  labels: readonly string[];
  note: string;
}

export interface PageContent {
  question: string;
  rightAnswer: string;
  /** Where it comes from: file or run, step, row. */
  about: readonly string[];
  columns: readonly PageColumn[];
  remarks: readonly PageRemark[];
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#15181b, #eceef0); --quiet: light-dark(#565c63, #a2a9b1);
  --line: light-dark(#dcdfe3, #2d3237); --wash: light-dark(#f4f5f6, #191c1f); --cut: light-dark(#b8155f, #ff77ae);
  --new: light-dark(#006f50, #1fb58a); --rumour: light-dark(#8f5c00, #f2ae2b); }
* { box-sizing: border-box; }
body { max-width: 1400px; margin: 0 auto; padding: 24px; background: light-dark(#fff, #111315); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.25; }
h2 { margin: 0; font-size: 17px; }
p, ol, ul { margin: 4px 0 0; }
h2 .quiet { font-weight: normal; }
aside { margin-top: 16px; }
aside li { margin-top: 8px; }
ol, ul { padding: 0; list-style: none; }
h1, h2, p, li, dd { overflow-wrap: anywhere; }
.quiet, figcaption { color: var(--quiet); font-size: 13px; }
.said { white-space: pre-wrap; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); gap: 16px; margin-top: 16px; }
section { min-width: 0; padding: 12px 16px; border: 1px solid var(--line); border-radius: 4px; }
.step { margin-top: 12px; padding-left: 12px; border-left: 2px solid var(--line); break-inside: avoid; }
.regrown { border-left-color: var(--cut); }
.kind { font-size: 13px; font-weight: 600; }
.found li { margin-top: 4px; padding: 4px 8px; background: var(--wash); border-radius: 4px; font-size: 13px; }
.new { color: var(--new); }
.rumour { color: var(--rumour); }
.outcome { margin-top: 12px; padding-top: 8px; border-top: 1px solid var(--line); }
.label { padding: 0 6px; border: 1px solid var(--line); border-radius: 4px; font-size: 13px; }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .columns { grid-template-columns: repeat(auto-fit, minmax(60mm, 1fr)); gap: 4mm; }
  section { padding: 2mm 3mm; }
  .found li { background: none; border: 1px solid var(--line); }
}
@page { margin: 14mm; }
`;

export function htmlPage({ question, rightAnswer, about, columns, remarks }: PageContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(question)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(question)}</h1>
<p>Right answer: ${escaped(rightAnswer)}</p>
<p class="quiet">${escaped(['Cutpoint', ...about].join(' · '))}</p>
</header>
${remarks.length > 0 ? remarksOf(remarks) : ''}<main class="columns">
${columns.map((column) => columnOf(column, columns[0])).join('\n')}
</main>
</body>
</html>
`;
}

/** Text as HTML's text, within elements and attributes. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign] ?? ''};`);
}

function remarksOf(remarks: readonly PageRemark[]): string {
  const items = remarks.map(({ place, labels, note }) => {
    const chips = labels.map((label) => ` <span class="label">${escaped(label)}</span>`).join('');
    return `<li>${escaped(place)}:${chips}${note === '' ? '' : `<p class="said">${escaped(note)}</p>`}</li>`;
  });
  return `<aside>\n<h2>Labels and notes</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</aside>\n`;
}

function columnOf(column: PageColumn, first: PageColumn | undefined): string {
  const { title, note, side, from } = column;
  const steps = side.steps.map((step) =>
    stepOf(step, column === first ? 'own' : step.number < from ? 'shared' : 'regrown'),
  );
  return `<section>
<h2>${escaped(title)} <span class="quiet">${escaped(note)}</span></h2>
<ol>
${steps.join('\n')}
</ol>
${outcomeOf(side)}
</section>`;
}

const KINDS: Readonly<Record<StepView['kind'], string>> = {
  search: 'search',
  answer: 'answer',
  unfinished: 'broken off',
};

function stepOf(step: StepView, how: 'own' | 'shared' | 'regrown'): string {
  const { number, kind, text, thought, passages, useful, superseded } = step;
  const head = [`Step ${number}, ${KINDS[kind]}`, ...(superseded ? ['superseded'] : [])].join(', ');
  const said = kind === 'search' ? `“${text}”` : text;
  const lines = [
    `<p class="kind">${escaped(head)}</p>`,
    how === 'shared' ? '<p class="quiet">as in the draft</p>' : '',
    how === 'shared' || thought === '' || thought === text ? '' : `<p class="quiet said">${escaped(thought)}</p>`,
    `<p class="said">${escaped(said)}</p>`,
    how === 'shared' || passages.length === 0 ? '' : `<ul class="found">${passages.map(passageOf).join('')}</ul>`,
    how === 'shared' || useful === null ? '' : `<p class="quiet">u = ${useful}</p>`,
  ];
  const classes = how === 'regrown' ? 'step regrown' : 'step';
  return `<li class="${classes}">${lines.join('')}</li>`;
}

function passageOf({ source, sentence, evidence }: PassageView): string {
  const mark = evidence === null ? '' : `<b class="${evidence}">${evidence}</b> `;
  return `<li>${mark}${source === '' ? '' : `${escaped(source)}: `}${escaped(sentence)}</li>`;
}

function outcomeOf({ answer, em, reward, endReason, answerNote }: SideView): string {
  const right = em === null ? 'exact match unknown' : em === 1 ? 'right' : 'wrong';
  const notes = [right, ...(endReason === null ? [] : [endReason]), ...(answerNote === undefined ? [] : [answerNote])];
  const numbers = `EM ${em ?? 'unknown'}, R ${reward === null ? 'unknown' : reward.toFixed(2)}`;
  return `<div class="outcome"><p><b>${escaped(answer ?? 'no answer')}</b> <span class="quiet">${escaped(notes.join(', '))}</span></p><p class="quiet">${numbers}</p></div>`;
}
