/** Lists of seeds on the command line. */
import { UserError } from '../lib/assert';
import { checkSetting, describeRange, quote } from './validate';

const FORMS = 'Write 1..5, 1,3,7 or both together: 1..3,7.';
/** More would be a slip of the finger: one process runs them one after the other. */
const MAX_SEEDS = 1000;

/**
 * Seeds as `1..5` (both ends included), `1,3,7` or a mix, in the order given.
 *
 * @throws UserError that names the part that is wrong and, where there is one, what was probably meant
 */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => readPart(part.trim(), text));
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) {
    const once = [...new Set(seeds)].join(',');
    throw new UserError(
      `--seeds names seed ${twice} twice: ${quote(text)}.`,
      `Each seed is one run: --seeds ${quote(once).replaceAll('"', '')}`,
    );
  }
  return seeds;
}

function readPart(part: string, text: string): number[] {
  const [, from, dots, to] = /^(\d+)(?:(\.{2,3}|-|:)(\d+))?$/.exec(part) ?? [];
  if (from === undefined) {
    throw new UserError(`--seeds cannot read ${quote(part)}${part === text ? '' : ` in ${quote(text)}`}.`, FORMS);
  }
  const first = readSeed(from);
  if (to === undefined) return [first];
  const last = readSeed(to);
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  if (dots !== '..' || last < first) {
    throw new UserError(`--seeds cannot read ${quote(part)}.`, `Did you mean ${low}..${high}?`);
  }
  if (high - low >= MAX_SEEDS) {
    throw new UserError(
      `--seeds ${quote(part)} is ${high - low + 1} runs, more than ${MAX_SEEDS}.`,
      `The nearest valid value is ${low}..${low + MAX_SEEDS - 1}.`,
    );
  }
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

function readSeed(text: string): number {
  const { value, problem } = checkSetting('worldSeed', text);
  if (problem === null) return value;
  throw new UserError(
    `--seeds takes ${describeRange('worldSeed')} each, not ${quote(text)}.`,
    `The nearest valid value is ${problem.nearest}.`,
  );
}
