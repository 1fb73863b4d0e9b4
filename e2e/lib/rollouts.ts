/** A file as a trainer of LLMs writes it: 200 rollouts of 10 questions at 4 steps, and what is known of them. */

const PLACES = ['Bonn', 'Oslo', 'Lima', 'Rome', 'Kyiv', 'Baku', 'Doha', 'Bern', 'Riga', 'Suva'];

export interface MadeRollout {
  step: number;
  question: string;
  searches: number;
  /** Step number of the first search whose passage does not hold the right answer again or at all; 0 for none. */
  useless: number;
  right: boolean;
  /** Whether the answer stands in a passage; null without an answer. */
  grounded: boolean | null;
  truncated: boolean;
  line: string;
}

function search(query: string, found: string): string {
  return `<think>I look for ${query}.</think><search>${query}</search><information>Doc 1(Title: "Almanac") ${found}</information>`;
}

function rollout(k: number): MadeRollout {
  const which = k % 10;
  const gold = PLACES[which] ?? '';
  const wrong = PLACES[(which + 1) % 10] ?? '';
  const step = 10 * (1 + Math.floor(k / 50));
  const searches = (k * 7) % 5;
  // Each document that holds the answer is another one, so that it counts as new.
  const useless = k % 3 === 0 ? Math.min(searches, 1 + (k % 4)) : 0;
  const truncated = k % 9 === 4;
  const answer = truncated ? null : k % 2 === 0 ? gold : wrong;
  const found = Array.from({ length: searches }, (_, s) =>
    search(`town ${which}, try ${s + 1}`, s + 1 === useless ? 'Nothing is known.' : `It is ${gold}, says volume ${s}.`),
  );
  const completion =
    found.join('') + (answer === null ? '<think>So it must be' : `<think>I know.</think><answer>${answer}</answer>`);
  const question = `What is the capital of country ${which}?`;
  const row = {
    ...{ prompt: `Answer the question.\nQuestion: ${question}\n`, completion, golden_answers: [gold] },
    ...{ step, reward: answer === gold ? 1 : 0, finish_reason: truncated ? 'length' : 'stop' },
  };
  const held = found.some((text, s) => s + 1 !== useless && text !== '');
  return {
    ...{ step, question, searches, useless, truncated, right: answer === gold },
    grounded: answer === null ? null : answer === gold && held,
    line: JSON.stringify(row),
  };
}

export const ROLLOUTS: readonly MadeRollout[] = Array.from({ length: 200 }, (_, k) => rollout(k));
export const ROLLOUT_FILE = ROLLOUTS.map(({ line }) => line).join('\n');
