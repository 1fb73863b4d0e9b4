/** Lines of `cutpoint-trajectory` that have everything: a refiner's cut, hand cuts, a cut of a cut, remarks. */
import { withRemarks } from '../../rollouts/reading/remarks';
import { ownLine } from '../../rollouts/write-own';
import type { OwnSide, OwnTrajectory } from '../../rollouts/write-own';

const SEARCH = (query: string): string =>
  `<think> relation:born_in </think> <search> ${query} </search> <information> doc:1 person:Ada relation:born_in city:Mara </information>`;
const ANSWER = (city: string): string => `<think> </think> <answer> city:${city} </answer>`;

/** @param steps each in its tokens, after the question's */
function side(steps: readonly string[], em: number): OwnSide {
  const question = ['person:Ada'];
  const words = steps.map((step) => step.split(' '));
  const stepStarts = words.map((_, k) => question.length + words.slice(0, k).flat().length);
  const tokens = [...question, ...words.flat()];
  const searches = steps
    .filter((step) => step.includes('<search>'))
    .map((_, k) => ({
      useful: Number(k === 0),
      share: k === 0 ? 1 : 0,
      passages: [
        { id: 7, text: 'Ada was born in Mara.', source: 'Ada', class: k === 0 ? 'new' : 'repeated' },
        { id: 9, text: 'Mara is a "city" of <b>Oran</b>.', source: '', class: 'irrelevant' },
      ],
    }));
  return {
    ...{ tokens, stepStarts, searches, em, end: 'finished', coverage: 1, reward: em * 1.5 },
    logProbs: tokens.map((_, k) => -0.25 * (k % 4)),
    entropies: tokens.map((_, k) => 0.5 * (k % 3)),
  };
}

const ADA = SEARCH('person:Ada');
const ORAN = SEARCH('city:Oran');
const TRAJECTORY: OwnTrajectory = {
  ...{ update: 3, row: 9, world: 'microwiki', question: 'Where was Ada born?', answer: 'city:Mara' },
  draft: side([ADA, ORAN, ANSWER('Oran')], 0),
  review: { cut: 2, logProbs: [-1, -2, -0.5, -3, null, null] },
  final: side([ADA, ANSWER('Mara')], 1),
  ...{ advantage: 0.75, reviewAdvantage: -0.25 },
};

export function branchedLines(): string[] {
  const how = { forced: null, weights: 3 };
  const branches = [
    { branch: 1, parent: 0, cut: 1, replicate: 0, revision: 1, ...how, side: side([ORAN, ANSWER('Oran')], 0) },
    { branch: 2, parent: 1, cut: 2, replicate: 1, revision: 2, ...how, side: side([ORAN, ADA, ANSWER('Mara')], 1) },
  ];
  const plain = ownLine({ ...TRAJECTORY, row: 10, final: null, review: { cut: 0, logProbs: [0, 0, 0, 0, 0, 0] } });
  return [
    withRemarks(ownLine({ ...TRAJECTORY, branches }), [
      { side: 'final', step: null, labels: ['worth showing', 'cut'], note: 'The cut saved it.\nSecond line.' },
      { side: 'draft', step: 2, labels: [], note: 'useless <search>' },
    ]),
    plain,
  ];
}
