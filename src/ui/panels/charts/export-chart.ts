/** Charts as files. Pictures look as they do on the page: computed colours and fonts are written into the SVG. */
import type { MetricHistory } from '../../../recordings/metric-history';
import type { ChartSpec } from './chart-specs';

/** All kept updates, not only those that a chart has room for; undefined values are empty. */
export function csvOf(spec: ChartSpec, history: MetricHistory): string {
  const metrics = spec.series.map((series) => series.metric);
  const lines = history.points(metrics, Infinity).map((point) => [point.update, ...metrics.map((name) => point[name])]);
  return (
    [['update', ...metrics], ...lines].map((line) => line.map((value) => value ?? '').join(',')).join('\r\n') + '\r\n'
  );
}

const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'text-anchor',
];
const HEAD = 44;
/** Pixels of a PNG for each pixel of the page. */
const PNG_SCALE = 2;

export function svgOf(spec: ChartSpec, picture: SVGElement): string {
  const { width, height } = picture.getBoundingClientRect();
  const clone = picture.cloneNode(true);
  if (!(clone instanceof SVGElement)) throw new TypeError('a copy of an SVG is an SVG');
  const copies = [...clone.querySelectorAll<SVGElement>('*')];
  [...picture.querySelectorAll<SVGElement>('*')].forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of STYLES) copies[i]?.style.setProperty(name, style.getPropertyValue(name));
    copies[i]?.removeAttribute('class');
  });
  const drawing = [...clone.childNodes].map((node) => new XMLSerializer().serializeToString(node)).join('');
  return framed(spec, drawing, { width, height }, getComputedStyle(document.body));
}

/** A drawing on the page's ground, with what it shows above it. */
export function framed(
  spec: Pick<ChartSpec, 'title' | 'unit' | 'series'>,
  drawing: string,
  { width, height }: { width: number; height: number },
  page: Pick<CSSStyleDeclaration, 'color' | 'backgroundColor' | 'fontFamily'>,
): string {
  const text = (x: number, y: number, size: number, weight: number, content: string): string =>
    `<text x="${x}" y="${y}" fill="${page.color}" font-family="${escaped(page.fontFamily)}" font-size="${size}" font-weight="${weight}">${escaped(content)}</text>`;
  const legend = spec.series
    .map(({ label, dash }) => (spec.series.length === 1 ? label : `${label}${dash ? ' (dashed)' : ''}`))
    .join(', ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + HEAD}" viewBox="0 0 ${width} ${height + HEAD}">`,
    `<rect width="100%" height="100%" fill="${page.backgroundColor}"/>`,
    text(8, 18, 14, 600, spec.title),
    text(8, 36, 12, 400, `${spec.unit}, over the update: ${legend}`),
    `<g transform="translate(0 ${HEAD})">${drawing}</g>`,
    '</svg>',
  ].join('');
}

export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no PNG'))), 'image/png');
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
