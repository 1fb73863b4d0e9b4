/** What happens to one trajectory at a moment, in a sentence with its own numbers; nothing of what comes later. */
import type { GroupSummary } from '../batch-summary';
import type { SideView, StepView, TrajectoryView } from '../decode-trajectory';
import type { StageMoment } from './stage-moments';

export interface StagedTrajectory {
  trajectory: TrajectoryView;
  /** The right answer. */
  answer: string;
  group: GroupSummary | null;
  /** Tokens of the final trajectory that the actor wrote. */
  written: number;
  /** Reviews count in the loss. */
  reviewsTrained: boolean;
}

export function sentenceOf({ phase, steps }: StageMoment, staged: StagedTrajectory): string {
  const { draft, final, cut } = staged.trajectory;
  switch (phase) {
    case 'rollout':
      return steps === 0
        ? 'A question for the actor. It may search, read what comes back, and answer.'
        : stepSentence(draft, draft.steps[steps - 1]);
    case 'review':
      return reviewSentence(staged.trajectory);
    case 'regenerate':
      return steps === 0 ? cutSentence(staged.trajectory) : stepSentence(final, final.steps[cut + steps - 2]);
    case 'reward':
      return rewardSentence(staged.trajectory, staged.answer);
    case 'advantage':
      return advantageSentence(staged);
    case 'update':
      return updateSentence(staged);
  }
}

function stepSentence({ endReason }: SideView, step: StepView | undefined): string {
  if (step === undefined) return '';
  const { number, kind, text, passages } = step;
  if (kind === 'answer') return `Step ${number}: the actor answers ${text}.`;
  if (kind === 'unfinished') return `Step ${number}: the actor breaks off (${endReason ?? 'no answer'}).`;
  const given = passages.length === 1 ? '1 passage' : `${passages.length === 0 ? 'no' : passages.length} passages`;
  return `Step ${number}: the actor searches for ${text} and is given ${given}.`;
}

function reviewSentence({ review, thoughts }: TrajectoryView): string {
  const [accept, ...cuts] = review ?? [];
  if (accept === undefined) return 'The draft is reviewed; no probabilities of this review are known.';
  const likeliest = cuts.reduce((best, chance, at) => (chance > (cuts[best] ?? 0) ? at : best), 0);
  const wrote = thoughts === undefined ? '' : ` and writes down ${thoughts.join(', then ')}`;
  const first = `The refiner reads the draft${wrote}: it would accept it with probability ${two(accept)}`;
  return cuts.length === 0
    ? `${first}.`
    : `${first}; the likeliest cut is at step ${likeliest + 1}, with ${two(cuts[likeliest] ?? 0)}.`;
}

function cutSentence({ draft, cut, review }: TrajectoryView): string {
  const chance = review?.[cut];
  const sure = chance === undefined ? '' : ` (probability ${two(chance)})`;
  if (cut === 0) return `The draft is accepted${sure}: it stays as it is.`;
  const discarded = range(cut, draft.steps.length);
  const kept = cut === 1 ? 'the actor begins anew' : `${range(1, cut - 1)} ${cut === 2 ? 'stays' : 'stay'}`;
  return `The draft is cut at step ${cut}${sure}: ${discarded} ${cut === draft.steps.length ? 'is' : 'are'} discarded, ${kept}.`;
}

function rewardSentence({ final }: TrajectoryView, right: string): string {
  const searches = final.steps.filter(({ kind }) => kind === 'search');
  const useful = searches.filter((step) => (step.useful ?? 0) > 0).length;
  const brought = `${useful} of ${searches.length} ${searches.length === 1 ? 'search' : 'searches'} brought something new that it needed`;
  const worth = final.reward === null ? 'No reward is known' : `The reward is ${two(final.reward)}`;
  return `${judged(final, right)}. ${searches.length === 0 ? 'It never searched' : brought}. ${worth}.`;
}

function judged({ answer, em }: SideView, right: string): string {
  if (em === null) return answer === null ? 'There is no answer' : `Nothing tells whether ${answer} is right`;
  if (answer === null) return `There is no answer; it is ${right} (EM ${em})`;
  return em === 1 ? `${answer} is right (EM 1)` : `${answer} is wrong, it is ${right} (EM ${em})`;
}

function advantageSentence({ trajectory, group }: StagedTrajectory): string {
  const { reward } = trajectory.final;
  const advantage =
    trajectory.advantage === null ? 'its advantage is not known' : `its advantage is ${signed(trajectory.advantage)}`;
  if (reward === null) return `Without a reward, ${advantage}.`;
  if (group === null) return `Its reward is ${two(reward)}, ${advantage}.`;
  if (group.size === 1) return `Nothing to compare it with: ${advantage}.`;
  if (group.zeroVariance) {
    return `All ${group.size} trajectories of this question have the reward ${two(reward)}: ${advantage}.`;
  }
  const side = reward > group.meanReward ? 'above' : reward < group.meanReward ? 'below' : 'no more than';
  return `The ${group.size} trajectories of this question have a mean reward of ${two(group.meanReward)}. This one has ${two(reward)}, ${side} that: ${advantage}.`;
}

function updateSentence({ trajectory, written, reviewsTrained }: StagedTrajectory): string {
  const { advantage, reviewAdvantage, review, cut } = trajectory;
  const actor =
    advantage === null || advantage === 0
      ? 'Without an advantage, what the actor wrote here teaches nothing in this update'
      : `The update makes the ${written} tokens that the actor wrote here ${likelier(advantage)} (weight ${signed(advantage)})`;
  if (review === null || !reviewsTrained || reviewAdvantage === 0) return `${actor}.`;
  const what = cut === 0 ? 'to accept' : `to cut at step ${cut}`;
  return `${actor}. The review, ${what}, becomes ${likelier(reviewAdvantage)} (${signed(reviewAdvantage)}).`;
}

function likelier(advantage: number): string {
  return advantage > 0 ? 'more likely' : 'less likely';
}

function range(first: number, last: number): string {
  return first === last ? `step ${first}` : `steps ${first} to ${last}`;
}

function two(value: number): string {
  return value.toFixed(2).replace('-', '\u2212');
}

function signed(value: number): string {
  return value > 0 ? `+${two(value)}` : two(value);
}
