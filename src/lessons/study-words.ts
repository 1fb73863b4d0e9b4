/** Words of lessons 7 and 8, a part of the catalogue of words.ts. */
export const STUDY_WORDS = {
  'arms.search-r1': 'Search-R1',
  'arms.search-r1.what': 'The actor learns alone. Only the answer is rewarded.',
  'arms.search-r2': 'Search-R2',
  'arms.search-r2.what': 'A refiner reads every draft and may cut it. Both learn.',
  'arms.reading-refiner': 'A refiner that reads',
  'arms.reading-refiner.what':
    'It has a network of its own, is told how sure the actor was, and learns from known facts too.',
  'arms.random-cut': 'Refiner that cuts at random',
  'arms.oracle-label': 'Perfect refiner',
  'arms.oracle-label.what': 'It knows the facts, and cuts each draft at its first flaw.',
  'arms.separate-refiner': 'Refiner of its own',
  'arms.process-only': 'Process reward, no refiner',
  'arms.system': '{arm}: actor and refiner',
  'arms.alone': '{arm}: actor alone',
  'arms.reached': 'Exact match at the end, a ring for each seed',
  'arms.and': '{some} and {last}',
  'arms.said': '(you: place {place})',
  'arms.minus': 'Exact match minus Search-R1, 95 % intervals',
  'arms.actor': 'Actor of Search-R2 alone minus Search-R1, 95 % intervals',
  'arms.bySeed': '{arm}, actor alone: exact match minus Search-R1',
  'arms.seed': 'Seed {seed}',
  'arms.setting': '{name} {value}',
  'arms.after': '{world}, {updates} updates',
  'arms.better': 'It ends higher',
  'arms.level': 'No difference can be seen',
  'arms.worse': 'It ends lower',
  'arms.called': 'So it is.',
  'arms.missed': 'Not so.',

  'study.title': 'Is it worth it?',
  'study.question': 'Which way of training wins, and how sure can one be?',
  'study.compute': 'These are numbers of the study',
  'study.arms.text':
    'A study of {runs} runs compares ways of training. Each run makes {updates} [updates](#update). At its end it answers {questions} questions, sampled as in training, on [worlds](#world) that it never trained on, and the share that is right is its [exact match](#exact-match). Four of the ways stand here.',
  'study.order.text':
    'All four begin with the same weights. Where there is a refiner, it helps to answer. Each way was run with several [seeds](#seed).',
  'study.order.ask': 'Put them in order: the highest exact match first.',
  'study.order.verdict':
    'You have {right} of {of} in their place. The order is {order}. Each refiner here beats none. One that knows the facts shows how much there is to win, and one that reads well comes close to it.',
  'study.seed.text':
    'Here a refiner has a network of its own. Does its actor, asked alone, end higher than Search-R1? In seed {lucky} it is ahead: {ahead}.',
  'study.seed.ask': 'In how many of the four other seeds is it ahead too?',
  'study.seed.verdict':
    'You said {said}, and it is {agree} of {others}. Over all seeds the difference is {all}. One seed is an anecdote: it can tell either story.',
  'study.zero.text':
    'Over several seeds a difference has an [interval](#interval). Where it holds 0, there may be no difference at all.',
  'study.zero.ask': 'Which of these differences to Search-R1 hold 0? Tick them.',
  'study.zero.verdict':
    'You are right about {right} of {of}. These hold 0: {holding}. That does not show that they are equal. It shows that these runs cannot tell.',
  'study.faster.text':
    'One claim remains. An actor is said to learn faster because a refiner trains with it. So ask the actor of Search-R2 alone, without its refiner.',
  'study.faster.ask': 'Against Search-R1, where does it end?',
  'study.faster.verdict':
    '{called} In the study the difference is {study}. It is below 0 in {behind} of {settings} settings, clear of 0 in {clear}. Asked [greedily](#greedy), as the paper asks, the actor is level: {greedy}. So this claim was not replicated here. In a larger model, or elsewhere, it may be.',
  'study.takeaway.text':
    'A refiner is worth it when it answers too, and when it reads: {gain} exact match as the paper has it, {reads} where it reads well. A perfect one would bring {perfect}. Ask of every number: how many seeds, and does the interval hold 0?',

  'charts.emFinal': 'Exact match',
  'charts.rewardMean': 'Reward',
  'charts.equal': 'Equal groups, share',
  'charts.klK3': 'KL to the base, nats a token',
  'charts.entropy': 'Entropy, nats a token',
  'charts.searches': 'Searches a question',
  'charts.run': 'run {run}',
  'charts.healthy': 'a healthy run',
  'charts.cure': 'from here on with the cure',
  'charts.now': '{chart}: {value} at the end, {healthy} in the healthy run',
  'charts.called': 'So it is.',
  'charts.missed': 'Not that.',
  'charts.otherKnob': 'Another one.',
  'charts.klRunaway.recovery':
    'So far from its base the bonus alone is not enough: here the KL weight goes up too, and pulls it back. After a while its KL falls to {after} nats per token. Exact match goes from {emBefore} to {em}: it has to learn to write again.',
  'charts.deadGroups.recovery': 'Equal groups fall from {before} to {after}, and exact match reaches {em}.',
  'charts.stuffing.recovery': 'Exact match goes from {before} to {after}: only right answers are paid for now.',

  'wrong.title': 'When it goes wrong',
  'wrong.question': 'How does one see from a few curves what a run suffers from?',
  'wrong.compute': 'Break and cure them here',
  'wrong.healthy.text':
    'This run is well. [Exact match](#exact-match) and [reward](#reward) rise. The [KL](#kl) grows slowly, and [entropy](#entropy) falls slowly. Some groups are [equal](#equal-rewards), most are not. Three more runs follow, each with one setting that is wrong.',
  'wrong.disease.text':
    'Run {run} has made {updates} updates. Its curves are dark. The healthy run is dashed behind them. Look where they part.',
  'wrong.disease.ask': 'What is wrong with run {run}?',
  'wrong.disease.verdict': '{called} {disease}. {evidence}',
  'wrong.cure.text': 'Now the fault is put right. The weights stay as they are, and run {run} goes on.',
  'wrong.cure.ask': 'Which setting would you turn?',
  'wrong.cure.verdict': '{called} It is “{knob}”. {recovery}',
  'wrong.takeaway.text':
    'Read the curves together. One that falls alone tells little. Two that part tell what is wrong: reward without exact match, groups without advantage, entropy that rises. In the Studio the line “Check-up” does this after every update.',
} as const;
