import type { RefObject } from 'react';
import { announce } from '../../../store/state/announce';
import { download } from '../../../store/files/save/download';
import { Menu } from '../../primitives/menu';
import { useStudio } from '../../studio-context';
import type { ChartSpec } from './chart-specs';
import { csvOf, pngOf, svgOf } from './export-chart';

interface ChartMenuProps {
  spec: ChartSpec;
  plot: RefObject<HTMLElement | null>;
  /** The picture is there: not a table, not an empty plot. */
  drawn: boolean;
}

/** A chart as a file: all its numbers, or its picture as it stands. */
export function ChartMenu({ spec, plot, drawn }: ChartMenuProps): React.JSX.Element {
  const studio = useStudio();
  const save = async (kind: 'csv' | 'svg' | 'png'): Promise<void> => {
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
    <Menu text="Save" label={`Save ${spec.title}`} className="plain">
      <button type="button" className="button plain" onClick={() => perform('csv')}>
        CSV
      </button>
      <button type="button" className="button plain" disabled={!drawn} onClick={() => perform('svg')}>
        SVG
      </button>
      <button type="button" className="button plain" disabled={!drawn} onClick={() => perform('png')}>
        PNG
      </button>
    </Menu>
  );
}
