/** The address: the configuration, and which view is looked at where it is not Studio. */
import type { RunConfig } from '../config/schema';
import { decodeConfig, encodeConfig } from '../config/url-codec';
import type { ViewName } from './studio-state';

const VIEWS: readonly ViewName[] = ['studio', 'cutLab', 'ask', 'lessons'];

export interface Link {
  config: RunConfig;
  view: ViewName;
  /** What in the link was ignored or changed. */
  notes: string[];
}

export function encodeLink(config: RunConfig, view: ViewName): string {
  return view === 'studio' ? encodeConfig(config) : `${encodeConfig(config)}&view=${view}`;
}

/** Never throws; a view alone, as in #view=cutLab, comes with the defaults. */
export function decodeLink(hash: string): Link {
  const parts = hash.replace(/^#/, '').split('&');
  const named = parts.findLast((part) => part.startsWith('view='))?.slice('view='.length);
  const { config, notes } = decodeConfig(parts.filter((part) => !part.startsWith('view=')).join('&'));
  const view = VIEWS.find((known) => known === named);
  if (named === undefined || view !== undefined) return { config, view: view ?? 'studio', notes };
  return { config, view: 'studio', notes: [...notes, `There is no view “${named.slice(0, 40)}”: Studio is shown.`] };
}
