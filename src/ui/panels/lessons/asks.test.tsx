import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Answer, Built } from '../../../lessons/lesson';
import type { Asked } from '../../../lessons/played';
import { textOf } from '../../../testing/page/render-panel';
import { Ask } from './asks';

const nothing = (): void => undefined;

function draw(asked: Asked, answer: Answer, locked = false): string {
  const at = locked ? { working: null, locked: answer } : { working: answer, locked: undefined };
  return renderToStaticMarkup(
    <Ask asked={asked} label="What do you say?" canLock={false} onChange={nothing} onLock={nothing} {...at} />,
  );
}
const all = (html: string, attribute: string): string[] =>
  [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');

describe('what a step asks', () => {
  it('as an order has items by place, the first of which cannot go up nor the last down', () => {
    const asked = { kind: 'order', options: [{ label: 'one' }, { label: 'two', note: 'small' }] } as const;
    const html = draw(asked, { kind: 'order', order: [1, 0] });
    expect(textOf(html)).toContain('1 two small ↑ ↓ 2 one ↑ ↓');
    expect(all(html, 'aria-label')).toEqual([
      'What do you say?',
      ...['two, place 1 of 2', 'Move up: two', 'Move down: two'],
      ...['one, place 2 of 2', 'Move up: one', 'Move down: one'],
    ]);
    // Those two, and the answer that cannot be given yet.
    expect([...html.matchAll(/ disabled=""/g)]).toHaveLength(3);
  });

  it('as cuts has scissors for each draft, which say what they do where they are', () => {
    const drafts = [
      ['capital of X', 'Y'],
      ['mayor of Z', 'A', 'B'],
    ];
    const html = draw({ kind: 'cuts', drafts }, { kind: 'cuts', cuts: [-1, 2] });
    expect(all(html, 'aria-label')).toEqual(['Draft 1', 'Draft 2']);
    expect(all(html, 'aria-valuemax')).toEqual(['2', '3']);
    expect(all(html, 'aria-valuenow')).toEqual(['0', '2']);
    expect(all(html, 'aria-valuetext')[0]).toBe('The scissors lie aside.');
    expect(all(html, 'aria-valuetext')[1]).toMatch(/^Cut at step 2: “A” and all after it/);
    expect([...html.matchAll(/data-away/g)]).toHaveLength(2);
    expect(all(draw({ kind: 'cuts', drafts: drafts.slice(1) }, { kind: 'cuts', cuts: [0] }), 'aria-label')).toEqual([
      'What do you say?',
    ]);
  });

  it('as a curve has a slider for each point, without a value until somebody draws', () => {
    const asked = { kind: 'curve', xs: [8, 16], known: [{ x: 0, y: 0.25 }], min: 0, max: 1, step: 0.02 } as const;
    const open = draw(asked, { kind: 'curve', points: [] });
    expect(all(open, 'aria-valuetext')).toEqual(['not drawn yet', 'not drawn yet']);
    expect(all(open, 'aria-valuenow')).toEqual(['0.25', '0.25']);
    const drawn = draw(asked, { kind: 'curve', points: [0.5, 1] });
    expect(all(drawn, 'aria-valuetext')).toEqual(['0.50', '1.00']);
    expect(all(drawn, 'points')).toContain('0,75 50,50 100,0');
  });

  it('as something to press is that button alone, and gone once it was pressed', () => {
    const press = { kind: 'press' } as const;
    expect(draw(press, press)).toMatch(/^<button [^>]*>What do you say\?<\/button>$/);
    expect(draw(press, press, true)).toBe('');
  });

  it('as a bench has two buttons for each piece, and says what stands there is worth', () => {
    const asked = {
      kind: 'build',
      pieces: [{ label: 'capital of X' }, { label: 'mayor of Z' }],
      settings: [{ label: 'gated' }, { label: 'sum' }],
      most: 3,
      value: ({ pieces, setting }: Built) => pieces.length / 2 + setting,
      goal: 2,
    } as const;
    const html = draw(asked, { kind: 'build', pieces: [1, 0, 1], setting: 1 });
    expect(textOf(html)).toContain('Reward 2.50; wanted 2.00');
    expect(all(html, 'aria-label').slice(2)).toEqual(
      ['mayor of Z', 'capital of X', 'mayor of Z'].flatMap((piece) => [`Repeat: ${piece}`, `Take out: ${piece}`]),
    );
    // It is full: nothing can be repeated; and the answer cannot be given.
    expect([...html.matchAll(/ disabled=""/g)]).toHaveLength(4);
    expect(textOf(draw(asked, { kind: 'build', pieces: [], setting: 0 }))).toContain('No search is left.');
  });

  it('stands as it was given once it is locked, out of reach of the keys', () => {
    const html = draw({ kind: 'cuts', drafts: [['a', 'b']] }, { kind: 'cuts', cuts: [1] }, true);
    expect(all(html, 'tabindex')).toEqual(['-1']);
    expect(html).not.toContain('That is my answer');
    expect(textOf(html)).not.toContain('Drag the scissors');
  });
});
