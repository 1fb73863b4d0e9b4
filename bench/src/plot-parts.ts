/** What the plots of the bench are drawn with: sizes, colours, texts and lines of an SVG. */

export const PANEL = { width: 260, height: 190 };
export const MARGIN = { left: 64, top: 76, right: 20, bottom: 40 };
export const GAP = { x: 36, y: 62 };

export const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .faint { fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .refused { stroke-width: 1.5; }
  .line { fill: none; stroke-width: 2; }
  .train { stroke: #2458c5; } .train.mark { fill: #2458c5; }
  .decode { stroke: #a84300; } .decode.mark { fill: #a84300; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #9aa6b2; }
    .grid { stroke: #3d444d; }
    .train { stroke: #7aa7ff; } .train.mark { fill: #7aa7ff; }
    .decode { stroke: #ff9d57; } .decode.mark { fill: #ff9d57; }
  }`;

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function text(x: number, y: number, words: string, options: { anchor?: string; kind?: string } = {}): string {
  const { anchor = 'start', kind = '' } = options;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" class="${kind}">${escapeXml(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`;
}
