import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Marked } from '../panels/lessons/marked';

/** A line may break behind any button, so that the next one would begin with the sign. */
describe('the sign behind a term', () => {
  it('stays with it in words that mark their terms', () => {
    const html = renderToStaticMarkup(
      <Marked text="Of [seeds](#seed). Of a [world](#world) and [none](#no-entry), too" />,
    );
    expect(html.replace(/<button[^>]*>/g, '<b>').replaceAll('</button>', '</b>')).toBe(
      'Of <span class="term-then"><b>seeds</b>.</span> Of a <b>world</b> and none, too',
    );
  });

  it('is given to it wherever the page has one', () => {
    const files = readdirSync('src/ui', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
    expect(files.length).toBeGreaterThan(50);
    const loose = files.filter((name) =>
      /<\/Term>(?:\s*[.,](?!\w)|:|; \w)/.test(readFileSync(join('src/ui', name), 'utf8')),
    );
    expect(loose).toEqual([]);
  });
});
