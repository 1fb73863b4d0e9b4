/** How well refiners read drafts, at the end and over training. */
import type { Arm } from './arms';
import { checkpointTable } from './checkpoint-table';
import { atUpdate, estimate, lastValue, REFINER_GAIN } from './compare';
import { checkpoints, refined } from './figures';
import { KINDS } from './record';
import { signed, table, withInterval } from './format';

/** Of the reviews of the sampled drafts of the last evaluation. */
const READING = [
  ...['reviewAuc', 'reviewAucBase', 'reviewAucDoubt', 'reviewAucReader'],
  ...['cutHit', 'cutHitBase', 'cutHitDoubt', 'cutHitReader'],
];

const KIND_WORDS = { WithinType: 'yes', AcrossTypes: 'no' } as const;
/** What is shown over training too. */
const OVER_TRAINING = ['emGreedy', 'reviewAuc'];
/** Of each kind of questions, and what the refiner adds to it. */
const OF_A_KIND = ['emSampled', 'emGreedy', 'reviewAuc', 'reviewAucDoubt', 'reviewAucReader', 'cutHit', 'cutHitDoubt'];

/** Nothing where no run told them apart. */
export function kindsSection(arms: readonly Arm[]): string[] {
  const rows = KINDS.flatMap((kind) =>
    arms.flatMap((arm) => {
      const of = (key: string) => estimate(arm, lastValue(key + kind));
      const gain = estimate(arm, (run) => {
        const [alone, refined] = ['emSampled', 'emSampledRefined'].map((key) => lastValue(key + kind)(run));
        return typeof alone === 'number' && typeof refined === 'number' ? refined - alone : null;
      });
      return of('emSampled') === undefined
        ? []
        : [[KIND_WORDS[kind], arm.name, ...OF_A_KIND.map((key) => withInterval(of(key))), withInterval(gain, signed)]];
    }),
  );
  if (rows.length === 0) return [];
  return [
    '### Kinds of questions',
    'In the last evaluation: questions with a hop from a type to itself (the spouse of a person), where only the order of the words tells subject from object, and the others.',
    table(['a hop within a type', 'arm', ...OF_A_KIND, 'it adds at T = 1'], rows),
    ...KINDS.flatMap((kind) => OVER_TRAINING.flatMap((key) => byUpdate(arms, key + kind))),
  ];
}

/** Of the arms that have it from more than one evaluation; over the seeds that have it at that update. */
function byUpdate(arms: readonly Arm[], key: string): string[] {
  const followed = arms.filter(
    (arm) => checkpoints([arm]).filter((update) => estimate(arm, atUpdate(key, update)) !== undefined).length > 1,
  );
  return followed.length === 0 ? [] : [`${key} by update:`, checkpointTable(followed, key)];
}

/** Nothing where no run measured it. */
export function readingSection(arms: readonly Arm[], figures: (cutting: readonly Arm[]) => string[]): string[] {
  const measured = arms.filter((arm) => READING.some((key) => estimate(arm, lastValue(key)) !== undefined));
  if (measured.length === 0) return [];
  const rows = measured.map((arm) => [
    arm.name,
    String(arm.runs.size),
    ...READING.map((key) => withInterval(estimate(arm, lastValue(key)))),
  ]);
  const cutting = refined(measured);
  return [
    '### How well drafts are read',
    'In the last evaluation, at temperature 1: whether wrong drafts are told from right ones, and wrong ones cut at their flawed step; by the network, by the frozen base, by the actor’s own doubt in its least likely token, and by the symbolic reader, who is the ceiling.',
    table(['arm', 'seeds', ...READING], rows),
    ...(checkpoints(cutting).length < 2
      ? []
      : [
          ...figures(cutting),
          'reviewAuc by update:',
          checkpointTable(cutting, 'reviewAuc'),
          'cutHit by update:',
          checkpointTable(cutting, 'cutHit'),
          'What the refiner adds, emSampledRefined minus emSampled, by update:',
          checkpointTable(cutting, REFINER_GAIN, signed),
        ]),
  ];
}
