import { useRef } from 'react';
import type { RefObject } from 'react';
import { announce } from '../../../store/actions';
import { useStudio } from '../../studio-context';
import type { ChartSpec } from './chart-specs';
import { csvOf, download, pngOf, svgOf } from './export-chart';

interface ChartMenuProps {
  spec: ChartSpec;
  plot: RefObject<HTMLElement | null>;
  /** The picture is there: not a table, not an empty plot. */
  drawn: boolean;
}

/** A chart as a file: all its numbers, or its picture as it stands. */
export function ChartMenu({ spec, plot, drawn }: ChartMenuProps): React.JSX.Element {
  const studio = useStudio();
  const menu = useRef<HTMLDetailsElement>(null);
  const save = async (kind: 'csv' | 'svg' | 'png'): Promise<void> => {
    menu.current?.removeAttribute('open');
    const picture = plot.current?.querySelector('svg');
    const name = `cutpoint-${spec.id}-update-${studio.store.getState().update}.${kind}`;
    if (kind === 'csv') download(name, new Blob([csvOf(spec, studio.history)], { type: 'text/csv' }));
    else if (picture) {
      const svg = svgOf(spec, picture);
      const file = kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg);
      download(name, file);
    }
  };
  const perform = (kind: 'csv' | 'svg' | 'png'): void => {
    save(kind).catch(() => announce(studio, 'This browser cannot draw the picture: save it as SVG'));
  };
  return (
    <details
      className="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === 'Escape') menu.current?.removeAttribute('open');
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) menu.current?.removeAttribute('open');
      }}
    >
      <summary className="button plain" aria-label={`Save ${spec.title}`}>
        Save
      </summary>
      <div className="menu-items">
        <button type="button" className="button plain" title="All kept updates" onClick={() => perform('csv')}>
          CSV
        </button>
        <button type="button" className="button plain" disabled={!drawn} onClick={() => perform('svg')}>
          SVG
        </button>
        <button type="button" className="button plain" disabled={!drawn} onClick={() => perform('png')}>
          PNG
        </button>
      </div>
    </details>
  );
}
