import type { Answers, Lesson } from '../lesson';
import type { ShownStep } from '../scene-data';
import { say } from '../words';
import { readOneQuestion } from './data';
import type { Choice, OneQuestion } from './data';

/** The passages among which the rumour is to be found. */
export function suspects({ choices, rumourIn }: OneQuestion): ShownStep['passages'] {
  return takenOf(choices[rumourIn === 0 ? 0 : 1]).passages;
}

export function takenOf({ options, taken }: Choice): ShownStep {
  return options[taken] ?? { kind: 'unfinished', text: '', passages: [], useful: 0 };
}

const queries = ({ options }: Choice) => options.map(({ text }) => ({ label: text }));

function picked(choice: Choice, answers: Answers, step: string) {
  const answer = answers[step];
  const query = choice.options[answer?.kind === 'choice' ? answer.choice : -1];
  const same = query === takenOf(choice);
  const useful = query?.useful === 1;
  return {
    picked: query?.text ?? '',
    taken: takenOf(choice).text,
    same: say(same ? 'found.same' : 'found.sent', { sent: takenOf(choice).text }),
    found: say(useful ? 'found.useful' : 'found.useless'),
  };
}

export const ONE_QUESTION: Lesson<OneQuestion> = {
  id: 'one-question',
  minutes: 4,
  read: readOneQuestion,
  steps: [
    { id: 'question', scene: 'trajectory', told: ({ hops }) => ({ hops }) },
    {
      id: 'first',
      scene: 'trajectory',
      ask: { kind: 'choice', options: ({ choices }) => queries(choices[0]) },
      told: ({ choices }, answers) => picked(choices[0], answers, 'first'),
    },
    {
      id: 'second',
      scene: 'trajectory',
      ask: { kind: 'choice', options: ({ choices }) => queries(choices[1]) },
      told: ({ choices }, answers) => picked(choices[1], answers, 'second'),
    },
    {
      id: 'rumour',
      scene: 'trajectory',
      ask: {
        kind: 'choice',
        options: (data) => suspects(data).map(({ sentence, source }) => ({ label: sentence, note: source })),
      },
      told: (data, { rumour }) => {
        const at = suspects(data).findIndex(({ evidence }) => evidence === 'rumour');
        const right = rumour?.kind === 'choice' && rumour.choice === at;
        return { rumour: suspects(data)[at]?.sentence ?? '', found: say(right ? 'found.rumour' : 'curves.missed') };
      },
    },
    { id: 'classes', scene: 'trajectory' },
    {
      id: 'right',
      scene: 'trajectory',
      ask: { kind: 'choice', options: () => [{ label: say('found.right') }, { label: say('found.wrong') }] },
      told: ({ answer, em, rest }, { right }) => ({
        given: rest.at(-1)?.text ?? '',
        answer,
        em,
        called: say(right?.kind === 'choice' && (right.choice === 0) === (em === 1) ? 'margin.hit' : 'found.otherWay'),
      }),
    },
    { id: 'takeaway', scene: 'trajectory' },
  ],
};
