import { describe, expect, it } from 'vitest';
import { WINDOW } from '../../../recordings/diagnosis';
import { openPage, renderPanel, textOf } from '../../../testing/page/render-panel';
import { CheckUp } from './check-up';

function after(updates: number, metrics: Record<string, number>) {
  const { studio } = openPage({ learningRate: 0.005 });
  for (let update = 1; update <= updates; update++) studio.history.push({ update, updateMs: 9, metrics });
  return { studio, html: renderPanel(studio, <CheckUp />) };
}

describe('the check-up', () => {
  it('is one line while nothing is wrong, and says when it begins', () => {
    expect(textOf(after(WINDOW - 1, { klK3: 2 }).html)).toBe('Check-up begins after 10 updates');
    const { html } = after(WINDOW, { klK3: 0.01 });
    expect(textOf(html)).toBe('Check-up nothing wrong in the last 10 updates');
    expect(html).not.toContain('<details');
  });

  it('has a card for each finding: evidence, cure, the setting with its value, and the lesson', () => {
    const { html } = after(WINDOW, { klK3: 2, emFinal: 0.02, gradNorm: 31 });
    const text = textOf(html);
    expect(text).toMatch(/^Check-up The gradient explodes and 1 more /);
    expect(text).toContain('Its KL to the base is 2.00 nats per token.');
    expect(text).toContain('The setting to turn: Learning rate, now 0.005.');
    expect(text).toContain('Lesson 8 explains it');
    expect([...html.matchAll(/<article/g)]).toHaveLength(2);
  });

  it('offers nothing that the link of the page hides', () => {
    const { studio } = after(WINDOW, { klK3: 2, emFinal: 0.02 });
    studio.store.setState(({ page }) => ({ page: { ...page, embed: true } }));
    expect(renderPanel(studio, <CheckUp />)).not.toMatch(/Open the settings|explains it/);
  });
});
