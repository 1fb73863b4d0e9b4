/**
 * All words of the lessons, by key, so that another language is one more file like this one. `{name}` is a place that a step fills
 * with what the lesson is about (`told`) or with what the study found (facts.ts). Of each lesson: title, question (what it asks), takeaway. Of each step: text; ask
 * where it asks; verdict, which is read once the answer is locked.
 */
import { FACTS } from './facts';
import { FAILURE_WORDS } from './failure-words';
import { fill } from './fill';
import { STUDY_WORDS } from './study-words';

export const WORDS = {
  ...FAILURE_WORDS,
  ...STUDY_WORDS,
  'list.title': 'Lessons',
  'list.intro':
    'Each takes a few minutes. You say what you expect before the engine shows what it found. Your own run waits where it is.',
  'list.finished': 'Finished',
  'list.noStep': 'The lesson “{title}” has {steps} steps, so step {step} was not opened. All lessons stand here.',
  'runner.leave': 'All lessons',
  'runner.opening': 'The lesson is being opened.',
  'runner.again': 'Open it again',
  'runner.online': 'Go online once and open the lesson again.',
  'runner.onlineOrHere': 'Go online once and open the lesson again, or have it computed here.',
  'runner.recorded': 'Recorded with this engine.',
  'runner.computed': 'Computed in this browser, just now.',
  'runner.computing': 'The engine is at work …',
  'runner.progress': '{done} of {of}',
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
  'ask.cuts.keep': 'keep',
  'ask.cuts.open': 'The scissors lie aside.',
  'ask.cuts.accept': 'Accept: the draft stays as it is.',
  'ask.cuts.at': 'Cut at step {step}: “{text}” and all after it is written anew.',
  'ask.cuts.draft': 'Draft {draft}',
  'ask.cuts.hint':
    'Drag the scissors, use the arrow keys, or press a number: 0 keeps the draft, which is to accept it.',
  'ask.curve.x': 'updates',
  'ask.curve.y': 'exact match',
  'ask.curve.point': 'Exact match after update {x}',
  'ask.curve.open': 'not drawn yet',
  'ask.curve.hint': 'Draw with one stroke, or go from point to point with Tab and move each with ↑ and ↓.',
  'ask.build.again': 'Repeat: {piece}',
  'ask.build.out': 'Take out: {piece}',
  'ask.build.back': 'Put everything back',
  'ask.build.settings': 'The two are combined by',
  'ask.build.worth': 'Reward {value}; wanted {goal}',
  'ask.build.none': 'No search is left.',
  'ask.build.hint': 'Drag a search out of the list, or press its buttons; + repeats it at the end.',
  'shown.search': 'searches',
  'shown.answer': 'answers',
  'shown.unfinished': 'breaks off',
  'shown.right': 'right',
  'shown.wrong': 'wrong',
  'shown.new': 'new',
  'shown.repeated': 'repeated',
  'shown.irrelevant': 'irrelevant',
  'shown.rumour': 'rumour',
  'found.same': 'You picked what the actor sent.',
  'found.sent': 'The actor sent “{sent}”.',
  'found.useful': 'It finds what the next hop needs.',
  'found.useless': 'It finds nothing that the question needs.',
  'found.rumour': 'Found.',
  'found.right': 'Right',
  'found.wrong': 'Wrong',
  'found.otherWay': 'It is the other way.',

  'one-question.title': 'One question, step by step',
  'one-question.question': 'How does an agent find an answer, and how far may it trust what it reads?',
  'one-question.compute': 'Another question, computed here',
  'one-question.question.text':
    'The actor is a small network that answers by searching. This question takes {hops} facts, one after the other. Each is called a hop, and each search needs what the search before it found.',
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

  'earn.gated': 'gated: EM × (1 + searches)',
  'earn.sum': 'sum: EM + searches',
  'earn.hit': 'You have it.',
  'earn.said': 'You said {said}.',
  'earn.press': 'Press a number to see where it comes from.',
  'earn.em': 'EM is {em}, because the answer is {rightness}.',
  'earn.useful': 'Step {step} counts 1: “{sentence}” supports a hop that nothing supported before.',
  'earn.useless': 'Step {step} counts 0: no passage supports a hop that was still open.',

  'worth.title': 'What is it worth?',
  'worth.question': 'What does training pay for: the answer, the searches, or both?',
  'worth.compute': 'Other trajectories, computed here',
  'worth.score.text':
    'A trajectory is scored once, when it has ended, by one number: its [reward](#reward). The answer counts, and so does the share of searches that found something new. This answer is right, and {useful} of the {searches} searches found something new.',
  'worth.score.ask': 'What is its reward, from 0 to 2?',
  'worth.score.verdict':
    '{hit} The reward is {reward}: 1 for the right answer, and {process} for {useful} useful searches of {searches}.',
  'worth.terms.text':
    'Each number of the formula is a button. Press one, and the step that it comes from is marked. The signs explain themselves too.',
  'worth.lucky.text':
    'This actor never found what the question needs, and still answers “{given}”. That is right: a lucky guess.',
  'worth.lucky.ask': 'What is a lucky guess worth?',
  'worth.lucky.verdict':
    '{hit} It is worth {reward}. The answer brings 1. None of the {searches} searches was useful, so nothing is added. The full 2 is for an answer that was found.',
  'worth.full.text':
    'Back to the first one. Take searches out, or repeat them, and see what becomes of the classes and the reward. The answer stays as it is here; a real actor might have answered otherwise.',
  'worth.full.ask': 'Make it earn {goal}.',
  'worth.full.verdict':
    'Every search that is left found something new: {left} of {left}. A search that finds nothing new makes the share smaller, so it costs. More searches are not better; useful ones are.',
  'worth.wrong.text':
    'This one searched as well as the first: {useful} of {searches} searches found something new. But it answers “{given}”, and right is “{answer}”.',
  'worth.wrong.ask': 'What is it worth?',
  'worth.wrong.verdict':
    '{hit} It is worth {reward}. The answer multiplies everything: EM is 0, so good searches bring nothing. The reward is gated by the answer.',
  'worth.stuff.text':
    'The formula has a second form. With sum, the searches are paid for whatever the answer is. You may switch it now.',
  'worth.stuff.ask': 'Make this wrong trajectory earn {goal}, as much as a lucky guess.',
  'worth.stuff.verdict':
    'With sum a wrong answer earns {goal} once every search is useful, as much as a right guess. Then an actor can live on evidence and never learn to answer. So the default is gated.',
  'worth.takeaway.text':
    'The reward pays for a right answer, and for the searches that found it. A wrong answer earns nothing, however good its searches were. In our study the second part alone changed exact match by {processAlone}, with an interval that holds 0.',

  'siblings.title': 'Better than its siblings',
  'siblings.question': 'Nobody shows the actor a good search. What does it learn from?',
  'siblings.compute': 'Other groups, computed here',
  'siblings.group.text':
    'One question, and eight tries of the same actor at it: a group. Chance alone makes them differ, since each [token](#token) is drawn from the probabilities that the actor gives. Every try has its [reward](#reward). One training step follows, on this group alone.',
  'siblings.up.text':
    'The step makes some of these tries likelier, and others less likely. It has nothing to go by but the eight rewards.',
  'siblings.up.ask': 'Which of the eight become likelier?',
  'siblings.up.verdict':
    'You called {called} of {of} right. Likelier are now {up}. The mean reward of the group is {mean}, and in {agree} of {of} tries being above it goes with becoming likelier.',
  'siblings.advantage.text':
    'How hard a try is pushed is its [advantage](#advantage): its reward minus the mean of the group, divided by the standard deviation. Here the mean is {mean} and the deviation {deviation}.',
  'siblings.advantage.ask': 'Try {best} earned {reward}. What is its advantage?',
  'siblings.advantage.verdict':
    '{hit} It is ({reward} − {mean}) / {deviation} = {advantage}. In another group the same reward could have a negative one: only its siblings count.',
  'siblings.tokens.text':
    'Try {worst} lost: its advantage is {advantage}. The step acts on each [token](#token) that it wrote, {tokens} in all.',
  'siblings.tokens.ask': 'What becomes of their probabilities?',
  'siblings.tokens.verdict':
    '{hit} {fell} fall, {rose} rise, and {same} stay the same to the digits shown. The whole try is now {times} times as likely as before. All tries share one network, so a step for one moves the others too.',
  'siblings.equal.text':
    'Another group, at another question: all eight tries earned {reward}. The same step is taken from the same weights.',
  'siblings.equal.ask': 'What does it do to these eight?',
  'siblings.equal.verdict':
    '{hit} None is better than its siblings, so every advantage is 0 and no push is left. No token’s probability changes by more than {most} of 100, which is rounding. Such a group costs its rollouts and teaches nothing.',
  'siblings.takeaway.text':
    'The actor learns from differences between tries at one question. What the better ones wrote becomes a little likelier; where [all earn the same](#equal-rewards), nothing is learned. A question is worth asking while it is neither too easy nor too hard.',
  'group.try': 'Try {number}',
  'group.reward': 'reward',
  'group.advantage': 'advantage',
  'group.change': 'probability ×',
  'group.table': 'Eight tries at one question',
  'group.option': 'Try {number}: {rightness}, reward {reward}',
  'group.tokens': 'What try {number} wrote: probability before and after the step, in percent',
  'group.before': 'before {before}, after {after}',
  'group.fall': 'Every one falls',
  'group.mixed': 'Some fall, some rise',
  'group.same': 'None changes',
  'group.allUp': 'They become likelier',
  'group.allDown': 'They become less likely',
  'group.nothing': 'Nothing',
  'group.none': 'none',

  'cut.title': 'Where would you cut?',
  'cut.question': 'Which step went wrong? Ten drafts, ten cuts: see whether you beat the refiner.',
  'cut.compute': 'Ten other drafts, computed here',
  'cut.idea.text':
    'The [refiner](#refiner) reads a draft before it counts. It [accepts](#accept) the draft as it is, or it [cuts](#cut) it at one step: that step and all after it are thrown away, and the actor writes on from there. A good cut keeps what was found and drops what led astray. Ten drafts of [update](#update) {update} follow, and you see what the refiner saw.',
  'cut.draft.text':
    'Draft {draft} of {drafts}. Read what the actor asked for and what came back. Does the answer follow from it? If not, which step is the first to throw away?',
  'cut.draft.ask': 'Where would you cut?',
  'cut.draft.verdict':
    '{right} Best is {best}, worth {bestWorth}. You chose {yours}, worth {yourWorth}; the refiner chose {refiner}, worth {refinerWorth}. That is the mean [reward](#reward) of {n} [regenerations](#replicate).',
  'cut.result.text': '{summary}',
  'cut.class.text':
    'For a class: everybody reads out or sends the code of their result. Paste the codes here, one a line or as they come from a chat. They are added up on this page alone, and nothing is sent.',
  'cut.takeaway.text':
    'A cut is worth what the actor makes of it, and a single try says little: so each is tried many times, with the same random numbers for all. In this program’s study a refiner whose cuts fall on random steps adds {uniformCut} exact match, one that learns where to cut {refinerAdds}.',
  'beat.title': 'Beat the refiner',
  'beat.intro': 'Where would you cut the drafts of your own run? Ten of them, beside what its refiner did.',
  'beat.ownRun': 'Ten drafts of my run',
  'beat.fromRun': 'Drafts of your run, cut in this browser.',
  'beat.accept': 'accept',
  'beat.cut': 'cut at {step}',
  'beat.right': 'The draft’s answer is right.',
  'beat.wrong': 'The draft’s answer is wrong: the right one is {answer}.',
  'beat.nothing': 'You have cut nothing yet: go back to the drafts and place the scissors.',
  'beat.summary':
    'You beat the refiner in {better} of {made} drafts, are level in {same}, and lose in {worse}. The [regret](#regret) of a choice is what the best one is worth above it. On average over these drafts yours is {yours}, the refiner’s {refiner}, and that of a cut at random {random}.',
  'beat.best': 'best',
  'beat.you': 'you',
  'beat.refiner': 'refiner',
  'beat.sweep': 'What each choice is worth',
  'beat.choice': 'Choice',
  'beat.mean': 'Mean reward',
  'beat.interval': '95% interval',
  'beat.own': 'the draft’s own',
  'beat.random': 'A cut at random is worth {value}: the dashed line.',
  'beat.result': 'Your cuts beside the refiner’s',
  'beat.draft': 'Draft',
  'beat.yours': 'You, regret',
  'beat.refiners': 'Refiner, regret',
  'beat.code': 'Code of your result',
  'beat.copy': 'Copy the code',
  'beat.codeLater': 'The code of your result stands here once all ten drafts are cut.',
  'beat.paste': 'Codes of the class',
  'beat.pasteAs': 'CUT-0123-4567-89AB',
  'beat.people': 'People',
  'beat.class': 'Regret of the class, mean',
  'beat.classRefiner': 'Regret of the refiner',
  'beat.classRandom': 'Regret of a cut at random',
  'beat.classBeat': 'Have less regret than the refiner',
  'beat.counts': 'Where the class cut; the best choice is framed',
  'beat.more': 'And {more} more such lines.',
  'beat.none': 'Line {line} holds no code: “{text}”.',
  'beat.damaged': 'Line {line}: {text} has a wrong character. Ask for it again.',
  'beat.otherSet': 'Line {line}: {text} is about other drafts than these, so it is not counted.',

  'threshold.title': 'Accept or cut?',
  'threshold.question': 'How sure must a refiner be before it cuts?',
  'threshold.compute': 'Another batch, computed here',
  'threshold.idea.text':
    'A trained [refiner](#refiner) has read {drafts} [drafts](#draft) of one [update](#update). {wrong} of them are wrong, but it cannot know which. For each it has a margin: by how much its best [cut](#cut) is likelier than [accepting](#accept), as a difference of [log-probabilities](#log-probability). The picture has the drafts by their margin.',
  'threshold.saved.text':
    'The refiner cuts where the margin is 0 or more: {cut} drafts. {cutWrong} of these are wrong, {cutRight} are right. Each was written anew from the cut, {n} times.',
  'threshold.saved.ask': 'How many of the {cutWrong} wrong ones become right?',
  'threshold.saved.verdict':
    '{hit} On average {saved} are [saved](#saved). A cut gives a draft another chance, no more: the actor that went wrong once may do so again.',
  'threshold.harmed.text':
    'It has cut {cutRight} right drafts too. They also get another chance, which they did not need.',
  'threshold.harmed.ask': 'How many of the {cutRight} right ones become wrong?',
  'threshold.harmed.verdict':
    '{hit} On average {harmed} are [harmed](#harmed). {saved} saved minus {harmed} harmed: at a margin of 0 these drafts gain {gain} right answers.',
  'threshold.margin.text':
    'The threshold can be moved. Further right the refiner has to be surer, so it cuts less; further left it cuts more.',
  'threshold.margin.ask': 'Where do you put it to gain most?',
  'threshold.margin.verdict':
    'At {yours} the refiner cuts {cut} drafts: {saved} saved, {harmed} harmed, a gain of {gain}. At 0 the gain is {zeroGain}. The best place is {best}, with {bestGain}, but it was found after the outcome was known: other drafts have another best place.',
  'threshold.always.text': 'Why judge at all? Let every draft be cut, right or wrong.',
  'threshold.always.ask': 'What becomes of the gain?',
  'threshold.always.verdict':
    '{hit} {saved} saved, {harmed} harmed: a gain of {gain} instead of {zeroGain}. A right draft that is cut has to be found again, and {again} of 100 are. And every cut costs tokens.',
  'threshold.curve.text':
    'One curve holds all thresholds: it begins where nothing is cut and ends where everything is. Above the dashed line more is saved than harmed. A refiner that knows more has a curve that climbs more steeply.',
  'threshold.takeaway.text':
    'A threshold trades saved drafts for harmed ones; it cannot tell them apart any better. In our study the trained refiner revised wrong drafts at {revisedWrong} times the rate of right ones. One that is told how sure the actor was did so at {readerRevised} times, and adds {readerAdds} instead of {refinerAdds}. A better judge is worth more than another threshold.',
  'margin.more': 'It grows',
  'margin.less': 'It shrinks, but something is left',
  'margin.loss': 'Nothing is left of it, or it is a loss',
  'margin.hit': 'So it is.',
  'margin.missed': 'Not so.',
  'margin.near': 'Close: you said {said}.',
  'margin.said': 'You said {said}.',
  'margin.axis': 'margin of the best cut over accepting',
  'margin.wrong': 'wrong drafts',
  'margin.right': 'right drafts',
  'margin.caption':
    'Threshold {threshold}: {cutWrong} of {wrong} wrong and {cutRight} of {right} right drafts are cut.',
  'margin.open': '{wrong} wrong and {right} right drafts, {drafts} in all.',
  'margin.table': 'What each threshold does',
  'margin.place': 'Threshold',
  'margin.cut': 'Cut',
  'margin.saved': 'Saved',
  'margin.harmed': 'Harmed',
  'margin.gain': 'Gain',
  'margin.never': 'never cut',
  'margin.zero': '0, as the refiner',
  'margin.yours': '{threshold}, yours',
  'margin.always': 'always cut',

  'train.title': 'Train both',
  'train.question': 'How fast does a network learn to search, and what does its refiner add?',
  'train.compute': 'Train it here, with another seed',
  'train.start.text':
    'Here is a small network that has only watched clumsy searches. With its [refiner](#refiner), it answers {right} of {questions} questions right, on [worlds](#world) that it never trains on: an [exact match](#exact-match) of {refined}. Now actor and refiner train together.',
  'train.draw.text':
    'In each [update](#update) the network tries 12 questions eight times each. Tries that earn more than the others at the same question become a little likelier. It begins at {refined}. How will it go?',
  'train.draw.ask': 'Draw exact match for the next {updates} updates.',
  'train.draw.verdict': 'Your curve stands. Now train.',
  'train.play.text': 'Your curve is the dashed one. The network was asked anew after every eighth update.',
  'train.play.ask': 'Play',
  'train.play.verdict': 'After {updates} updates exact match has gone from {first} to {last}. {yours}',
  'train.without.text':
    'The same network trained a second time from the same weights, on the same questions, but without a refiner: that is Search-R1. Three curves can be compared: Search-R1, the actor of Search-R2 alone, and Search-R2 with its refiner.',
  'train.without.ask': 'Which ends highest?',
  'train.without.verdict':
    '{called} Search-R1 ends at {searchR1}, the actor of Search-R2 alone at {actor}, with its refiner at {refined}. Differences below about {noise} can be chance, even with this many questions.',
  'train.closed.text':
    'One more test. The trained network gets the same questions, but every passage comes back blank: it has to answer from memory. That is called [closed book](#closed-book).',
  'train.closed.ask': 'How many of {of} does it still answer right?',
  'train.closed.verdict':
    'You said {said}. It is {found} of {of} after {updates} updates, and was {before} before. Worlds are drawn anew, so there is nothing to learn by heart: what it learned is to search and to read.',
  'train.takeaway.text':
    'Training makes a network search better, and its refiner adds to what it does alone. In this program’s study, with five seeds, the refiner adds {refinerAdds}. That an actor learns faster because a refiner trains with it did not show: alone, it was {actorBehind} behind Search-R1, and level with it where it answers greedily. One seed, as here, is an anecdote.',
  'curves.searchR1': 'Search-R1, trained without a refiner',
  'curves.actor': 'Search-R2, the actor alone',
  'curves.refined': 'Search-R2 with its refiner',
  'curves.closedBook': 'Search-R2, closed book',
  'curves.yours': 'what you drew',
  'curves.called': 'So it is.',
  'curves.missed': 'Not that one.',
  'curves.drawn': 'You drew {drawn} there, and were {gap} off on average.',
  'curves.notDrawn': 'You have drawn no curve: go back to draw one.',
  'curves.asked': '{right} of {questions} questions are answered right before the first update.',
  'curves.update': 'Update',
} as const;

export type WordKey = keyof typeof WORDS;

export function hasWords(key: string): key is WordKey {
  return Object.hasOwn(WORDS, key);
}

/** The words of a key with its places filled; what has no words is its key. */
export function say(key: string, told: Readonly<Record<string, string | number>> = {}): string {
  return fill(hasWords(key) ? WORDS[key] : key, { ...FACTS, ...told });
}
