import type { SettingKey } from './schema';

/**
 * What each setting does, for students and teachers: read beside a control and on the command line. The table itself
 * (settings.ts) is part of the page's first load, these words are not.
 */
export const SETTING_HELP: Readonly<Record<SettingKey, string>> = {
  preset: 'The experiment that all other settings start from.',
  world: 'The facts and texts that the questions are about.',
  worldSeed: 'Decides which facts, texts and rumours are drawn. The same number gives the same worlds.',
  initSeed: 'Decides the random weights that the network has before its warm start.',
  runSeed: 'Decides which questions are asked and every random choice during training.',
  noise: 'The chance that a fact also has one text that states it wrongly.',
  rumourSpread:
    'How many texts repeat a rumour. Two against one true text fool a reader who counts, not one who weighs sources.',
  misfiled: 'The chance that a text is found by its names alone, not by what it states of them.',
  sharedNames: 'The share of names that stand for two things of different kinds in drawn worlds.',
  poolSize: 'How many training worlds exist side by side. They share names and relations, but their facts differ.',
  redrawEvery:
    'After this many batches (in training: updates) one training world gets new facts, so that facts cannot be learned by heart. 0 never redraws.',
  minHops: 'The smallest number of facts that must be chained to answer a question.',
  maxHops: 'The largest number of facts that must be chained to answer a question. Four leave no search to spare.',
  size: 'How large the network is. Larger ones learn more and train more slowly.',
  prompts: 'How many different questions one update trains on.',
  groupSize: 'How many times each question is tried. The tries of one question are compared with each other.',
  kvCache:
    'How rollouts keep what they have read. With 16-bit floats, tokens are drawn from a slightly rounded policy; whether they are used is measured at the start, so runs repeat exactly with 32-bit floats only.',
  refiner:
    'Who reads a draft and decides whether it is kept or cut. The perfect refiners serve as comparisons: two know the facts, one tries every cut several times and takes the best. The reader without a network works out from the passages alone whether a draft holds together.',
  reviewGate:
    'Who decides whether a draft is cut: the review, or nobody, because all or none are. Comparisons that show what the decision is worth.',
  reviewCut:
    'Where a rejected draft is cut: at the step that the review names, at a step drawn by chance, or at the first step, which starts again from the question. Comparisons that show what the place is worth.',
  maxRevisions:
    'How often one trajectory may be reviewed and cut. After a cut the refiner reads what the actor wrote instead, until it accepts or this number is reached.',
  refinerWeights:
    'Whether one network writes and reviews, or a second one of the same width, which starts as the first does, learns to review. The second takes more time and memory.',
  refinerLayers:
    'How many layers a second network has that reads drafts again. 0 gives it as many as the actor has. More begin as layers that change nothing, so that it starts as the actor does.',
  refinerWidth:
    'How many numbers a second network that reads drafts again has for each token, a multiple of the actor’s; its heads and hidden units grow with it. 0 makes it as wide as the actor. A wider one begins as copies of the actor, so that it starts as the actor does.',
  reviewReading:
    'Whether a review is one number behind the draft, over what was read while it was written, or the draft is read again, told first that it is to be reviewed, with a verdict behind every step.',
  reviewSees:
    'Whether a refiner that reads again is also told, behind every step, how unlikely the least likely token was that the actor drew there.',
  reviewThoughts:
    'Whether a refiner that reads again writes down, hop by hop, what it believes the chain of entities to be before its last verdict, and how strongly it is taught to, beside a verdict. 0 writes nothing down.',
  reviewSupervision:
    'How strongly reviews of the drafts of each update are trained towards what the world knows: whether a draft is wrong, and where it first goes wrong. 0 trains them by their outcome alone.',
  reviewLabelSteps:
    'In how many training steps a second network learns the labels of an update, each from an equal part of the drafts. Where one network does both, it is one.',
  refinerLearningRate:
    'The size of each training step of a refiner with weights of its own. 0 takes that of the actor.',
  reviewWeight: 'How strongly the reviews are trained beside the actor. 0 means that reviews are made but not trained.',
  refinerAdvantage:
    'How a review is scored: by how much the reward rose from draft to final trajectory, or by the advantage of the final trajectory.',
  reviewBalance:
    'How much each review counts in training. When most drafts are right, balancing keeps the few wrong ones from being drowned.',
  reviewSamples:
    'How many reviews of one draft are trained. Each further one costs one number, and one continuation of the draft for each cut that no other review had.',
  oracleReplicates:
    'How often the perfect refiner that tries every cut of a draft continues from each before it chooses one.',
  marginFrom:
    'Whether the margin of an evaluation is a number, or what gains most on training worlds; where nothing gains, no draft is cut.',
  margin:
    'In evaluation a draft is cut only if the best cut is more likely than keeping it by at least this difference of log-probabilities.',
  process:
    'Which part of the reward judges the searches: none, the share of searches that found something new and needed, or the share of passages that did.',
  combine:
    'How answer and process reward are combined. Gated means that good searches count only if the answer is right.',
  learningRate: 'The size of each training step. Too large makes training unstable, too small makes it slow.',
  aggregation: 'How the losses of single tokens are averaged, which decides how much a long trajectory counts.',
  discardedTokens: 'Whether the steps that a cut threw away are trained too, with the reward of what replaced them.',
  advantage: 'How the reward of a trajectory is compared with the others of its group.',
  epochs: 'How many training steps are made from the same trajectories before new ones are drawn.',
  clipLow: 'How far the probability of a token may fall, relative to when it was written, before its gradient stops.',
  clipHigh: 'How far the probability of a token may rise, relative to when it was written, before its gradient stops.',
  klBeta: 'How strongly the actor is held near the policy that it had after the warm start. 0 lets it move freely.',
  entropyBonus: 'A reward for staying undecided, which keeps the actor exploring. 0 is off.',
  maxGradNorm: 'A gradient longer than this is shortened to this length. 0 is off.',
  weightDecay: 'How strongly AdamW pulls the weights toward 0 in each training step.',
  beta1: 'How slowly the running average of the gradient changes. 0 uses the newest gradient alone.',
  beta2: 'How slowly the running average of the squared gradient changes.',
  warmStartBatches: 'How many batches of demonstrations the network imitates before reinforcement learning begins.',
  warmStartBatchSize: 'How many demonstrations are imitated at once.',
  warmStartLearningRate: 'The largest step size while demonstrations are imitated. It falls to 0 along a cosine.',
  judgeAccuracy:
    'How often a demonstrated review is right about the flawed step. Otherwise it picks any step, or none, at random.',
  reviewTokenWeight: 'How much the one token of a review counts in the warm start, compared with any other token.',
  vagueQuery: 'How often, at a step, the demonstrator searches for a name without saying what it wants to know.',
  wrongRelation: 'How often, at a step, the demonstrator asks for the wrong property of the right name.',
  wrongEntity: 'How often, at a step, the demonstrator asks about the wrong name.',
  guess: 'How often, at a step, the demonstrator stops searching and guesses an answer.',
  evalEvery:
    'After this many updates the network answers questions about worlds it never trained on. 0 does so only at the start and the end.',
  evalQuestions: 'How many questions one evaluation asks. More give a steadier number and take longer.',
  evalWorlds:
    'How many worlds that are never trained on the questions of an evaluation are drawn from. More of them tell better how far worlds differ.',
  evalTemperatures:
    'At which temperatures an evaluation lets the actor answer. With five each arm can be compared where it is best; it takes about twice as long.',
  theoryEvery:
    'On the command line: after this many updates every cut of many drafts is tried out, which splits what the refiner gains into its causes. 0 never does.',
  theoryQuestions: 'How many questions one such measurement asks, each of them several times.',
  theoryReplicates:
    'How often each cut of a draft is tried out in such a measurement. Half of the tries choose the best cut, the others tell what it is worth.',
};
