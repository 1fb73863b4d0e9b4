/** One trajectory read aloud: what the draft did, what the refiner made of it, and what came of that. */
import type { SideView, StepView, TrajectoryView } from '../decode-trajectory';

/**
 * Sentences for a person who has never seen one.
 *
 * @param right the right answer
 */
export function captionOf({ draft, final, cut, review, verdict }: TrajectoryView, right: string): string[] {
  const sentences = [`The draft ${deeds(draft, draft.steps)}${outcome(draft, right)}.`];
  if (verdict === 'none' && cut === 0 && review === null) return sentences;
  if (cut === 0) {
    const chance = review?.[0];
    return [...sentences, `The refiner accepted it${chance === undefined ? '' : ` (probability ${two(chance)})`}.`];
  }
  const chance = review?.[cut];
  const where = draft.steps[cut - 1];
  sentences.push(
    `The refiner cut it at step ${cut}${where ? `, ${fault(where)}` : ''}${chance === undefined ? '' : ` (probability ${two(chance)})`}.`,
  );
  const kept = cut === 1 ? 'began anew' : `kept ${cut === 2 ? 'step 1' : `steps 1 to ${cut - 1}`}`;
  const again = deeds(final, final.steps.slice(cut - 1));
  sentences.push(`The actor ${kept}, ${again}${outcome(final, right)}.`);
  return sentences;
}

/** "searched for X, then for Y, and answered Z" */
function deeds({ answer, endReason }: SideView, steps: readonly StepView[]): string {
  const searches = steps.filter(({ kind }) => kind === 'search').map(({ text }) => text);
  const searched = searches.length === 0 ? [] : [`searched for ${searches.join(', then for ')}`];
  const ended = answer === null ? `broke off (${endReason ?? 'no answer'})` : `answered ${answer}`;
  return [...searched, ended].join(' and ');
}

function outcome({ answer, em }: SideView, right: string): string {
  if (em === 1) return ': right';
  return answer === null || em === null ? '' : `: wrong, it is ${right}`;
}

/** What there was to say against the step, as far as its evidence shows. */
function fault({ kind, useful }: StepView): string {
  if (kind === 'answer') return 'its answer';
  if (kind === 'unfinished') return 'which breaks off';
  return useful === 0 ? 'a search that brought nothing it needed' : 'a search that had brought something';
}

function two(probability: number): string {
  return probability.toFixed(2);
}
