/**
 * All words of the lessons, by key, so that another language is one more file like this one. `{name}` is a place that a step fills
 * with what the lesson is about (`told`). Of each lesson: title, question (what it asks), takeaway. Of each step: text; ask
 * where it asks; verdict, which is read once the answer is locked.
 */
export const WORDS = {
  'list.title': 'Lessons',
  'list.intro':
    'Each takes a few minutes. You say what you expect before the engine shows what it found. Your own run waits where it is.',
  'list.finished': 'Finished',
  'runner.leave': 'All lessons',
  'runner.opening': 'The lesson is being opened.',
  'runner.again': 'Open it again',
  'runner.recorded': 'Recorded with this engine.',
  'runner.computed': 'Computed in this browser, just now.',
  'runner.computing': 'The engine is at work …',
  'runner.cancel': 'Cancel',
  'runner.step': 'Step {step} of {steps}',
  'runner.moves': 'In this lesson',
  'runner.back': 'Back',
  'runner.forward': 'Forward',
  'runner.startOver': 'Start over',
  'runner.next': 'Next lesson: {title}',
  'runner.lock': 'That is my answer',
  'ask.order.grip': '{item}, place {place} of {places}',
  'ask.order.up': 'Move up: {item}',
  'ask.order.down': 'Move down: {item}',
  'ask.order.hint': 'Drag by the number, use the arrow keys on it, or press ↑ and ↓.',
  'ask.cuts.keep': 'accept',
  'ask.cuts.open': 'The scissors lie aside.',
  'ask.cuts.accept': 'Accept: the draft stays as it is.',
  'ask.cuts.at': 'Cut at step {step}: “{text}” and all after it is written anew.',
  'ask.cuts.draft': 'Draft {draft}',
  'ask.cuts.hint': 'Drag the scissors, use the arrow keys, or press a number: 0 accepts.',
  'ask.curve.x': 'updates',
  'ask.curve.y': 'exact match',
  'ask.curve.point': 'Exact match after update {x}',
  'ask.curve.open': 'not drawn yet',
  'ask.curve.hint': 'Draw with one stroke, or go from point to point with Tab and move each with ↑ and ↓.',
  'shown.search': 'searches',
  'shown.answer': 'answers',
  'shown.unfinished': 'breaks off',
  'shown.right': 'right',
  'shown.wrong': 'wrong',
  'shown.new': 'new',
  'shown.repeated': 'repeated',
  'shown.irrelevant': 'irrelevant',
  'shown.rumour': 'rumour',

  'one-question.title': 'One question, step by step',
  'one-question.question': 'How does an agent find an answer, and how far may it trust what it reads?',
  'one-question.compute': 'Another question, computed here',
  'one-question.question.text':
    'The actor is a small network that answers by searching. This question takes {hops} facts, one after the other: each search needs what the search before it found.',
  'one-question.first.text': 'The actor thinks, then sends a query. These are three that it really sent from here.',
  'one-question.first.ask': 'Which would you send first?',
  'one-question.first.verdict': '{found} {same}',
  'one-question.second.text':
    'Three passages came back. The next query has to build on them, and these are three that the actor sent next.',
  'one-question.second.ask': 'Which would you send now?',
  'one-question.second.verdict': '{found} {same}',
  'one-question.rumour.text':
    'The search engine knows words, not truth. One of these three passages is a rumour: it says something false, in the same tone as the others.',
  'one-question.rumour.ask': 'Which one is the rumour?',
  'one-question.rumour.verdict':
    '{found} The rumour is “{rumour}” Nothing in a passage gives it away. An actor can only learn to ask again, or to believe what more sources say.',
  'one-question.classes.text':
    'Now every passage shows its class. New: it supports a hop that nothing supported before. Repeated: that hop had support already. Irrelevant: it has nothing to do with the question. Rumour: it is false. The world knows all facts, so no judge has to guess.',
  'one-question.right.text': 'After its searches the actor answers “{given}”.',
  'one-question.right.ask': 'Is that right?',
  'one-question.right.verdict':
    '{called} The answer is “{answer}”, so exact match, EM, is {em}. EM is 1 where the answer is the right one to the letter, and 0 otherwise: there is nothing between.',
  'one-question.takeaway.text':
    'A trajectory is a chain of searches and one answer. A right answer needs every hop, and a search is worth something when it supports a hop that was open.',
} as const;

export type WordKey = keyof typeof WORDS;

export function hasWords(key: string): key is WordKey {
  return Object.hasOwn(WORDS, key);
}

/** The words of a key with its places filled; a place that nothing fills stays as it is. */
export function say(key: string, told: Readonly<Record<string, string | number>> = {}): string {
  const text: string = hasWords(key) ? WORDS[key] : key;
  return text.replace(/\{([\w-]+)\}/g, (place, name: string) =>
    Object.hasOwn(told, name) ? String(told[name]) : place,
  );
}
