/** Links to share: what each of them restores. */
import { announce } from '../state/announce';
import { encodeLink, linkedRollouts } from './link';
import type { LinkSource } from './link';
import type { Recording } from '../../recordings/recording';
import { NO_ROLLOUTS } from '../state/rollouts-state';
import { WHOLE_LIST } from '../state/row-list';
import type { Studio } from '../state/studio-state';

export interface LinkKind {
  name: string;
  help: string;
  source: (state: LinkSource) => LinkSource;
}

const nowhere = {
  heldUpdate: null,
  selection: null,
  awaited: null,
  list: WHOLE_LIST,
  view: 'studio',
  rollouts: NO_ROLLOUTS,
} as const;

export const LINK_KINDS: readonly LinkKind[] = [
  {
    name: 'What is on screen',
    help: 'Settings, seeds, view, order and filter, and the update and step that are held: they are reached by training to them. An opened file of rollouts by its name and hash, with the row',
    source: (state) => state,
  },
  {
    name: 'The run alone',
    help: 'Settings and seeds: the same run from its start',
    source: (state) => ({ ...state, ...nowhere }),
  },
  {
    name: 'For a class',
    help: 'What is on screen, with settings, Reset and files locked (teacher=1)',
    source: (state) => ({ ...state, page: { ...state.page, teacher: true } }),
  },
  {
    name: 'For a projector',
    help: 'What is on screen, one trajectory large and stepped by keys (present=1)',
    source: (state) => ({ ...state, page: { ...state.page, present: true } }),
  },
  {
    name: 'For another page',
    help: 'What is on screen, for an iframe: without menus and settings (embed=1)',
    source: (state) => ({ ...state, page: { ...state.page, embed: true } }),
  },
];

/** The page's address with the hash of such a link. */
export function linkOf(studio: Studio, { source }: LinkKind): string {
  return new URL(encodeLink(source(shownSource(studio))), studio.baseUrl).href;
}

/**
 * The recorded run that a link is about. The example that plays by itself until the engine is ready is nobody's choice, as long as
 * none of its updates is held.
 */
function chosenRecording({ store }: Studio): Recording | null {
  const { recording, heldUpdate } = store.getState();
  return recording === null || (recording.source === 'example' && heldUpdate === null) ? null : recording.recording;
}

/** The run on screen: a recorded one with its own settings and the update that is shown of it. */
function shownSource(studio: Studio): LinkSource {
  const state = studio.store.getState();
  const chosen = chosenRecording(studio);
  if (chosen === null) return liveSource(studio);
  const { config, ownWorld } = chosen;
  return {
    ...state,
    config,
    ownWorld,
    initial: 'shipped',
    heldUpdate: state.heldUpdate ?? state.update,
    awaited: null,
  };
}

/** The run of the engine, which the address names whatever is on screen. */
export function liveSource({ store, aside }: Studio): LinkSource {
  const state = store.getState();
  const { selection, list, rollouts } = state;
  // A file stands before all of it, with a row and a list of its own.
  return { ...state, ...aside.picture, ...(rollouts.file !== null && { selection, list }) };
}

/** What a link cannot do by itself, in words. */
function limitsOf(studio: Studio, kind: LinkKind): string {
  const source = kind.source(shownSource(studio));
  const { ownWorld, heldUpdate } = source;
  const file = linkedRollouts(source);
  if (file !== null) return `. It names “${file.name}” but cannot hold it: send the file too`;
  const recorded =
    chosenRecording(studio) === null
      ? ''
      : `. It restores the settings and seeds of the recorded run${heldUpdate === null ? '' : `; update ${heldUpdate} is reached by training to it`}: send the recording too, to look at it at once`;
  const facts = ownWorld === null ? '' : `. It names “${ownWorld.name}” but cannot hold its facts: send the file too`;
  return `${recorded}${facts}`;
}

/** Never rejects: where copying is blocked it says so. */
export async function copyLink(studio: Studio, kind: LinkKind): Promise<void> {
  const limits = limitsOf(studio, kind);
  try {
    await navigator.clipboard.writeText(linkOf(studio, kind));
    announce(studio, `Link copied${limits}`);
  } catch {
    announce(studio, 'Copying is blocked here: copy the address bar instead');
  }
}
