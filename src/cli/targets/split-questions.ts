import type { RunConfig } from '../../config/schema';
import type { Chain, World } from '../../env/world';
import { UserError } from '../../lib/assert';
import { PhiloxStream, PURPOSES } from '../../lib/philox';

/** Row of the question stream that no update reaches: its rows are those of a batch. */
const SPLIT_ROW = 0x7fffffff;
/** Of a length's questions, what is held out at most. */
const HELD_OUT_SHARE = 0.2;

/** Questions of a world, none in both parts, lengths as even as the world allows. @throws UserError where there are none */
export function splitQuestions(
  world: World,
  { runSeed, minHops, maxHops }: Pick<RunConfig, 'runSeed' | 'minHops' | 'maxHops'>,
  counts: { train: number; heldOut: number },
): { train: Chain[]; heldOut: Chain[] } {
  const lengths = world.chains.slice(minHops, maxHops + 1).filter((chains) => chains.length > 1);
  if (lengths.length === 0) throw new UserError(`No question can be formed in the world "${world.schema.title}".`);
  const stream = new PhiloxStream(runSeed, PURPOSES.question, SPLIT_ROW);
  const shuffled = lengths.map((chains) => stream.shuffle([...chains]));
  const most = Math.ceil(counts.heldOut / lengths.length);
  const heldOut = shuffled.map((chains) => chains.splice(0, Math.min(most, Math.ceil(HELD_OUT_SHARE * chains.length))));
  return { train: inTurn(shuffled, counts.train), heldOut: inTurn(heldOut, counts.heldOut) };
}

/** One of each list after the other, until `count` are there or all are empty. */
function inTurn(lists: readonly (readonly Chain[])[], count: number): Chain[] {
  const longest = Math.max(...lists.map((list) => list.length));
  const taken = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? []));
  return taken.flat().slice(0, count);
}
