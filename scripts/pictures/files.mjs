/** Files as somebody might bring them, for the pictures that show one opened. */

const PEOPLE = ['Anna', 'Bjarne', 'Cecilie', 'Dag', 'Eli', 'Finn', 'Guri', 'Halvor'];
const PLACES = [
  ['Bergen', 'Vestland'],
  ['Voss', 'Vestland'],
  ['Molde', 'Nordland'],
  ['Narvik', 'Nordland'],
];
const REGIONS = [
  ['Vestland', 'Storegut'],
  ['Nordland', 'Nordlandstrompet'],
];

export const exampleFacts = () =>
  [
    '# subject, relation, object',
    ...PEOPLE.map((name, i) => `${name},home,${PLACES[(i * 3 + 1) % PLACES.length][0]}`),
    ...PEOPLE.map((name, i) => `${name},teacher,${PEOPLE[(i + 3) % PEOPLE.length]}`),
    ...PLACES.map(([place, region]) => `${place},county,${region}`),
    ...REGIONS.map(([region, song]) => `${region},song,${song}`),
  ].join('\n');

/** The two searches that answer a question with what they bring; one that says too little; the right answer, a wrong one. */
const QUESTIONS = [
  {
    question: 'In which city was the author of The Dispossessed born?',
    searches: [
      ['The Dispossessed author', 'The Dispossessed is a 1974 novel by Ursula K. Le Guin.'],
      ['Ursula K. Le Guin birthplace', 'Ursula K. Le Guin was born in Berkeley, California.'],
    ],
    vague: 'author of the novel',
    right: 'Berkeley',
    wrong: 'Portland',
  },
  {
    question: 'Which river flows through the capital of Hungary?',
    searches: [
      ['capital of Hungary', 'Budapest is the capital of Hungary.'],
      ['river in Budapest', 'The Danube divides Budapest into Buda and Pest.'],
    ],
    vague: 'rivers of Europe',
    right: 'Danube',
    wrong: 'Tisza',
  },
  {
    question: 'Who composed the opera that opened the Suez opera house?',
    searches: [
      ['Khedivial Opera House opening', 'The Khedivial Opera House in Cairo opened with Rigoletto in 1869.'],
      ['Rigoletto composer', 'Rigoletto is an opera by Giuseppe Verdi.'],
    ],
    vague: 'famous operas',
    right: 'Giuseppe Verdi',
    wrong: 'Puccini',
  },
];
const ELSEWHERE = 'A list of cities, rivers and people in alphabetical order.';

const search = (query, found) =>
  `<think>I need to look this up.</think><search>${query}</search><information>Doc 1(Title: "${query}") ${found}</information>`;

/** Three training steps of three questions, four rollouts each; more of them are right in later steps. */
export function exampleRollouts() {
  const lines = [];
  for (const step of [10, 20, 30]) {
    for (const [q, { question, searches, vague, right, wrong }] of QUESTIONS.entries()) {
      const [first, second] = searches;
      for (let k = 0; k < 4; k += 1) {
        const astray = `${search(...first)}${search(vague, ELSEWHERE)}<answer>${wrong}</answer>`;
        const found = `${search(...first)}${search(...second)}<answer>${right}</answer>`;
        const learned = (k + q) * 10 < step;
        const saved = !learned && (k + q) % 2 === 0;
        const draft = learned ? found : astray;
        lines.push({
          question,
          golden_answers: [right],
          supporting_titles: [first[0], second[0]],
          step,
          draft,
          final: saved ? found : draft,
        });
      }
    }
  }
  return lines.map((line) => JSON.stringify(line)).join('\n');
}
