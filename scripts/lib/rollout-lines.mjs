/** Rollouts made up for measuring: as verl dumps them for Search-R1, in any number. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const GROUPS = 25;
const GROUP_SIZE = 8;
/** Rows of a training step. */
export const STEP_ROWS = GROUPS * GROUP_SIZE;

/** Equal from run to run; good enough for words. */
function randomNumbers(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/**
 * @param passageWords words of a passage
 * @returns a function that gives the lines of a step: one to three searches of three passages, then an answer
 */
export function rolloutSteps(passageWords = 30) {
  const random = randomNumbers(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const dictionary = Array.from({ length: 5000 }, () =>
    Array.from({ length: 3 + 6 * random() }, () => pick(letters)).join(''),
  );
  const words = (count) => Array.from({ length: count }, () => pick(dictionary)).join(' ');
  return (step) => {
    let text = '';
    for (let group = 0; group < GROUPS; group += 1) {
      const [question, gold] = [`Where was ${words(2)} born?`, words(1)];
      for (let k = 0; k < GROUP_SIZE; k += 1) {
        let output = '';
        for (let search = 1 + Math.floor(3 * random()); search > 0; search -= 1) {
          const docs = [1, 2, 3].map(
            (n) => `Doc ${n}(Title: "${words(2)}") ${words(passageWords)}${random() < 0.2 ? ` ${gold}` : ''}`,
          );
          output += `<think>${words(25)}</think><search>${words(4)}</search><information>${docs.join('\n')}</information>`;
        }
        const answer = random() < 0.4 ? gold : words(1);
        output += `<think>${words(20)}</think><answer>${answer}</answer>`;
        const input = `user\nAnswer the question. Question: ${question}\nassistant\n`;
        text += `${JSON.stringify({ input, output, gts: { target: [gold] }, score: Number(answer === gold), step })}\n`;
      }
    }
    return text;
  };
}

/** @param pathOf where a step's lines go: one file, or several that follow each other */
export async function writeRollouts(steps, pathOf, passageWords) {
  const linesOf = rolloutSteps(passageWords);
  let [file, path] = [null, ''];
  for (let step = 1; step <= steps; step += 1) {
    if (pathOf(step) !== path) {
      await end(file);
      path = pathOf(step);
      file = createWriteStream(path);
    }
    if (!file.write(linesOf(step))) await once(file, 'drain');
  }
  await end(file);
}

async function end(file) {
  if (file === null) return;
  file.end();
  await once(file, 'finish');
}
