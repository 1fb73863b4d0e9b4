/**
 * tinker-cookbook: `trajectories.jsonl` of its evaluations, in turns of decoded text. Each time the environment speaks it says the
 * whole conversation up to then again. What it writes of a training has numbers alone.
 */
import { isObject, text } from '../text/json';
import { SkippedRow } from '../reading/record';
import { turnsOf, withoutMarks } from '../reading/turns';
import { known, listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const tinker: Writer = {
  name: 'tinker-cookbook',
  keys: ['turns', 'benchmark'],
  rows: (row) => {
    const { expected } = objectOf(row['logs']);
    const turns = listOf(row['turns']).filter(isObject);
    let before = '';
    const messages = turns.flatMap((turn) => {
      const [role, said] = [text(turn['role']), text(turn['content']) ?? ''];
      // Who grades speaks behind the rollout, and not to the model.
      if (role === null || role === 'grader') return [];
      const content = role === 'environment' ? newest(said, before) : said;
      before = role === 'assistant' ? before + said : said;
      return [{ role, content }];
    });
    const group = text(row['example_id']) ?? '';
    const told = known({ ground_truth: expected, group: group === '' ? null : group });
    return [{ ...without(row, ['turns']), ...told, messages }];
  },
};

/** What it says that was not said before: behind all of that, and behind the last turn of the model that it repeats. */
function newest(said: string, before: string): string {
  const fresh = before !== '' && said.startsWith(before) ? said.slice(before.length) : said;
  const turns = turnsOf(fresh, 'tool');
  const own = turns.findLastIndex(({ role }, k) => role === 'assistant' && k < turns.length - 1);
  const others = turns.slice(own + 1).filter(({ role }) => role !== 'assistant');
  return others.map(({ start, end }) => withoutMarks(fresh.slice(start, end)).trim()).join('\n');
}

export const tinkerSummaries: Writer = {
  name: 'tinker-cookbook’s rollout summaries',
  keys: ['schema_version', 'group_idx', 'traj_idx', 'total_reward', 'steps'],
  rows: () => {
    throw new SkippedRow(
      'a rollout summary of tinker-cookbook has lengths and rewards but no text; its evaluations’ trajectories.jsonl opens',
    );
  },
};
