import type { RunConfig } from '../../../config/schema';

type Reviewing = Pick<RunConfig, 'refiner' | 'refinerWeights' | 'reviewGate' | 'reviewCut'>;

/** What trains here, in a sentence that is true of these settings. */
export function whatItIs(config: Reviewing): string {
  const learns = 'A small network learns to answer questions by searching.';
  return config.refiner === 'none'
    ? `${learns} Nothing reviews its drafts in this run: it learns from their rewards alone.`
    : `${learns} ${reviewed(config)}`;
}

function reviewed({ refiner, refinerWeights, reviewGate, reviewCut }: Reviewing): string {
  if (refiner === 'oracleLabel') return 'A refiner that knows the facts cuts each draft at its flawed step.';
  if (refiner === 'oracleWrong') return 'A refiner that knows the facts cuts each wrong draft at its flawed step.';
  if (refiner === 'oracleReader') return 'A reader without a network cuts each draft whose passages speak against it.';
  if (refiner === 'oracleValue') return 'Every cut of a draft is tried, and the best one is made.';
  const who = refinerWeights === 'separate' ? 'a second network' : 'the same network';
  const cuts =
    reviewGate === 'never'
      ? 'reads each draft, and nothing is cut in this run'
      : reviewCut === 'uniform'
        ? 'reads each draft; chance decides where one is cut'
        : reviewCut === 'first'
          ? 'reads each draft; one that is rejected begins again'
          : reviewGate === 'always'
            ? 'reads each draft and has to cut it somewhere'
            : 'reads each draft and cuts it where it went wrong';
  return `A refiner, ${who}, ${cuts}; both learn from what comes of that.`;
}
