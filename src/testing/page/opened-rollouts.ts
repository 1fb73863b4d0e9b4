/** A page with files of rollouts on it, as they are once they are read. */
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { shelve } from '../../store/view/rollout-views';
import { playedStudio } from './open-studio';
import type { PlayedStudio } from './open-studio';

export interface RolloutLine {
  question: string;
  completion?: string;
  messages?: readonly object[];
  step?: number;
  gold?: string;
  golden_answers?: readonly string[];
  prompt?: string;
  reward?: number;
}

export async function shelvedLines(
  lines: readonly RolloutLine[],
  name = 'f.jsonl',
): Promise<ReturnType<typeof shelve>> {
  const blob = new Blob([lines.map((line) => JSON.stringify(line)).join('\n')]);
  return shelve(await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]));
}

/** @param other lines of a second file, to compare with */
export async function pageWithRollouts(
  lines: readonly RolloutLine[],
  other: readonly RolloutLine[] | null = null,
): Promise<PlayedStudio> {
  const played = playedStudio();
  const { store, rollouts } = played.studio;
  const shown = await shelvedLines(lines);
  const second = other && (await shelvedLines(other, 'g.jsonl'));
  rollouts.shelf = shown.shelf;
  rollouts.other = second?.shelf ?? null;
  store.setState({
    rollouts: { reading: null, file: shown.about, other: second?.about ?? null, following: null, wanted: null },
  });
  return played;
}
