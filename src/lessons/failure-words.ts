import { fill } from './fill';

/** What is said about a run that goes wrong: in the Studio, and in lesson 8. A part of the catalogue of words.ts. */
export const FAILURE_WORDS = {
  'failure.title': 'Check-up',
  'failure.early': 'begins after {window} updates',
  'failure.none': 'nothing wrong in the last {window} updates',
  'failure.more': 'and {more} more',
  'failure.knob': 'The setting to turn: {knob}, now {value}.',
  'failure.settings': 'Open the settings',
  'failure.lesson': 'Lesson {number} explains it',

  'failure.exploding.name': 'The gradient explodes',
  'failure.exploding.evidence':
    'In the last {window} updates one gradient had the length {most}. Healthy ones are near 1.',
  'failure.exploding.cure':
    'Take smaller steps, and let long gradients be shortened. Weights that were thrown far away do not come back by themselves: start again, or go on from a checkpoint.',
  'failure.klRunaway.name': 'The policy runs away from its base',
  'failure.klRunaway.evidence':
    'Its [KL to the base](#kl) is {kl} nats per token. Healthy runs stay below 0.2. Exact match is {em}.',
  'failure.klRunaway.cure':
    'Take smaller steps, drop what pushes it away, or hold it with a larger KL weight. Far from the base it has forgotten how a trajectory is written.',
  'failure.deadGroups.name': 'Most groups teach nothing',
  'failure.deadGroups.evidence':
    'In {share} of the groups all rewards are [equal](#equal-rewards). Such a group has no advantage, so the Actor learns nothing from it.',
  'failure.deadGroups.cure':
    'Try each question more often, so that some tries succeed and some fail. Where nothing ever succeeds, a longer warm start or easier questions help.',
  'failure.entropyCollapse.name': 'It has stopped trying',
  'failure.entropyCollapse.evidence':
    'The [entropy](#entropy) is {entropy} nats per token, so it says the same every time. Exact match is {em}.',
  'failure.entropyCollapse.cure':
    'Take smaller steps, or pay a little for staying undecided. Who tries one thing only learns nothing about the others.',
  'failure.stuffing.name': 'It is paid for evidence, not for answers',
  'failure.stuffing.evidence':
    'The [reward](#reward) is {reward}, but exact match is {em} and does not rise. At least {unearned} of the reward went to wrong answers.',
  'failure.stuffing.cure': 'Gate the reward, so that good searches count only where the answer is right.',
  'failure.repeatedSearch.name': 'It searches for what it has',
  'failure.repeatedSearch.evidence':
    '{share} of its searches bring nothing but passages that are [repeated](#repeated). It makes {searches} searches a question.',
  'failure.repeatedSearch.cure':
    'Reward useful searches, so that a repeated one costs something. A better warm start makes queries less vague.',
  'failure.acceptAll.name': 'The refiner accepts everything',
  'failure.acceptAll.evidence':
    'It cuts {cut} of the drafts, and {missed} are wrong and [accepted](#accept): [missed](#missed).',
  'failure.acceptAll.cure':
    'Let the review decide, and let reviews learn more. A refiner that never cuts finds no reward for cutting.',
  'failure.rejectAll.name': 'The refiner cuts everything',
  'failure.rejectAll.evidence':
    'It cuts {right} of the drafts that were right, and {harmed} of all drafts are [harmed](#harmed).',
  'failure.rejectAll.cure':
    'Let the review decide, and let reviews learn from what they cost. A cut is not free: what was right may be written wrong.',
  'failure.sameCut.name': 'Every cut is at step {step}',
  'failure.sameCut.evidence':
    '{share} of all cuts are at step {step}. A refiner that reads finds flaws in different places.',
  'failure.sameCut.cure': 'Let the review say where. Several reviews of a draft show what other places are worth.',
} as const;

export type FailureWord = keyof typeof FAILURE_WORDS;

/** As `say` of words.ts, for the Studio, which does not wait for the words of all lessons. */
export function sayFailure(key: FailureWord, told: Readonly<Record<string, string | number>> = {}): string {
  return fill(FAILURE_WORDS[key], told);
}
