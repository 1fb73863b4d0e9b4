/** A trajectory word for word, by where it lies: of a file its own line, of a run the line that is saved of it. */
import { prettyJson } from '../../../rollouts/text/pretty-json';
import { lineAtHand } from '../../../rollouts/file/read-file';
import { messagesText, wholeOf } from '../../../rollouts/whole';
import type { WholeMessage, WholePart } from '../../../rollouts/whole';
import type { SideName } from '../../../recordings/decode-trajectory';
import { fileAt, findTrajectory, storedAt } from '../../lab/answers';
import type { FoundTrajectory } from '../../lab/answers';
import type { TrajectoryRef } from '../../state/compared';
import type { Studio } from '../../state/studio-state';
import { trajectoryLine } from './save-trajectories';

export type { WholeMessage, WholePart };

export interface WholeTrajectory {
  found: FoundTrajectory;
  /** null while it is fetched. */
  line: string | null;
}

/** null where it is not kept any more. */
export function wholeTrajectory(studio: Studio, ref: TrajectoryRef): WholeTrajectory | null {
  const found = findTrajectory(studio, ref);
  return found && { found, line: lineOf(studio, ref) };
}

function lineOf(studio: Studio, ref: TrajectoryRef): string | null {
  if (ref.file !== 'run') {
    const file = fileAt(studio, ref.file);
    return file && lineAtHand(file.shelf.file, ref.row);
  }
  const { world } = studio.store.getState();
  const stored = storedAt(studio, ref.pin, ref.update);
  const place = stored?.rows.indexOf(ref.row) ?? -1;
  return world && stored && place >= 0 ? trajectoryLine(stored, world, place) : null;
}

export type WholeTab = 'messages' | 'prompt' | 'raw';

/** What a tab shows: text, or messages; null where there is none. */
export interface WholePage {
  messages: readonly WholeMessage[];
  text: string | null;
  /** Whether it goes on. */
  more: boolean;
}

/** @param most characters, about */
export function wholePage(line: string, side: SideName, tab: WholeTab, most: number): WholePage {
  if (tab === 'raw') return { messages: [], ...prettyJson(line, most) };
  if (tab === 'messages') {
    const { messages, more } = wholeOf(line, side, most);
    return { messages, text: null, more };
  }
  const { prompt } = wholeOf(line, side, 0);
  return { messages: [], text: prompt?.slice(0, most) ?? null, more: (prompt?.length ?? 0) > most };
}

/** All that a tab has, however long: of the file the line as it is. */
export function wholeText(line: string, side: SideName, tab: WholeTab): string {
  if (tab === 'raw') return line;
  const { messages, prompt } = wholeOf(line, side);
  return tab === 'messages' ? messagesText(messages) : (prompt ?? '');
}
