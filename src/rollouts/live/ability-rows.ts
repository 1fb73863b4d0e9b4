/** What a model server was seen to do, in words: for Settings and for the command line. */
import type { Abilities } from './probe';

export interface AbilityRow {
  what: string;
  seen: string;
  /** What follows from it here; '' where nothing has to be said. */
  so: string;
}

const yes = (seen: boolean | null): string => (seen === null ? 'not seen' : seen ? 'yes' : 'no');

export function abilityRows(seen: Abilities): AbilityRow[] {
  const keys = Object.keys(seen.sampling);
  return [
    {
      what: 'goes on from a text',
      seen: yes(seen.continues),
      so: seen.continues === false ? 'cutting is off: it would not go on from what was kept' : '',
    },
    {
      what: 'draws its answers',
      seen: yes(seen.draws),
      so: seen.draws === false ? 'all regenerations of a cut are the same: set do_sample in its generation config' : '',
    },
    {
      what: 'draws from all tokens',
      seen: keys.length === 0 ? 'not told' : 'told',
      so: keys.length === 0 ? 'it takes none of the keys that ask for it' : `by ${keys.join(', ')}`,
    },
    {
      what: 'keeps seeds',
      seen: seen.alone ? 'one request at a time' : yes(seen.seeded),
      so: seen.alone
        ? 'so a sweep asks for one text after the other'
        : seen.seeded === true
          ? 'the same cut gives the same text'
          : 'each cut draws other numbers',
    },
    {
      what: 'several prompts a request',
      seen: seen.seedLists ? 'yes, each with a seed' : yes(seen.promptLists),
      so: seen.promptLists ? '' : 'a sweep takes a request for each regeneration',
    },
    {
      what: 'likeliest next tokens',
      seen: yes(seen.topLogProbs),
      so: seen.topLogProbs ? '' : 'no alternatives of a token',
    },
    {
      what: 'log-probabilities of a given text',
      seen: yes(seen.promptLogProbs),
      so: seen.promptLogProbs ? 'the refiner is scored exactly' : 'the refiner is scored by next tokens, or by samples',
    },
    {
      what: 'the word that ends a text',
      seen: seen.stop ?? 'not seen',
      so: seen.stop === 'dropped' ? 'put back here' : seen.stop === 'refused' ? 'texts are cut here' : '',
    },
    {
      what: 'chats',
      seen: seen.chat === null ? 'no' : seen.chat.continues === null ? 'begins a new turn' : 'goes on within one',
      so:
        seen.chat === null
          ? 'rollouts that were saved as messages are not cut'
          : seen.chat.continues === null
            ? 'they are cut where a message begins'
            : seen.chat.repeats
              ? 'what it says again is taken off'
              : '',
    },
  ];
}
