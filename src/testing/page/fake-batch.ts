/** Made-up trajectory batches with the shapes, grammar and bookkeeping of real ones, for tests and screenshots of the page. */
import type { TrajectoryBatch, TrajectorySide } from '../../trainer/protocol/protocol';
import type { FakeWorld } from './fake-world';

export const FAKE_POSITIONS = 103;
type Random = () => number;

/** Mulberry32: small, seeded, good enough to make up pictures. */
export function fakeRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function emptySide(rows: number): TrajectorySide {
  return {
    tokens: new Uint16Array(rows * FAKE_POSITIONS),
    lengths: new Uint16Array(rows),
    logProbs: new Float32Array(rows * FAKE_POSITIONS),
    entropies: new Float32Array(rows * FAKE_POSITIONS),
    stepStarts: new Uint16Array(rows * 5),
    stepCounts: new Uint8Array(rows),
    reasons: new Uint8Array(rows),
    passages: new Int32Array(rows * 12).fill(-1),
    passageClasses: new Uint8Array(rows * 12).fill(255),
    scores: new Float32Array(rows * 12),
    useful: new Uint8Array(rows * 4),
    shares: new Float32Array(rows * 4),
    em: new Uint8Array(rows),
    rewards: new Float32Array(rows),
    coverage: new Float32Array(rows),
  };
}

interface Chain {
  start: number;
  relations: number[];
  /** Entities along the way, the start first and the answer last. */
  entities: number[];
}

function drawChain(world: FakeWorld, random: Random): Chain {
  const people = world.entitiesOf('person');
  const start = people[Math.floor(random() * people.length)] ?? 0;
  const hops = 1 + Math.floor(random() * 3);
  const entities = [start];
  const relations: number[] = [];
  let current = start;
  while (relations.length < hops) {
    const type = world.typeOf(current);
    const fitting = Array.from({ length: world.relationCount }, (_, r) => r).filter((r) => world.domainOf(r) === type);
    const relation = fitting[Math.floor(random() * fitting.length)];
    if (relation === undefined) break;
    relations.push(relation);
    current = world.objectOf(current, relation);
    entities.push(current);
  }
  return { start, relations, entities };
}

function chainQuestion(world: FakeWorld, chain: Chain): string {
  const name = (token: number): string => (world.description.tokenStrings[token] ?? '').replace(/^.*:/, '');
  const inner = chain.relations.reduce((text, relation) => {
    return (world.description.relations[relation]?.ask ?? '{x}').replace('{x}', text);
  }, name(chain.start));
  return `What is ${inner}?`;
}

/** Writes one trajectory from `keepSteps` on; `skill` is the chance that a step goes well. */
class RowWriter {
  position = 0;
  search = 0;
  hop = 0;
  steps = 0;

  constructor(
    private readonly side: TrajectorySide,
    private readonly row: number,
    private readonly world: FakeWorld,
    private readonly chain: Chain,
    private readonly seed: number,
  ) {}

  /** Of the step being written: a function of the step's place, so that a regeneration repeats the steps it keeps. */
  private random: Random = fakeRandom(0);
  /** Differs between a draft and what is regenerated. */
  salt = 0;

  put(token: number, written: boolean): void {
    const at = this.row * FAKE_POSITIONS + this.position;
    this.side.tokens[at] = token;
    if (written) {
      this.side.logProbs[at] = Math.log(0.25 + 0.75 * this.random());
      this.side.entropies[at] = 1.4 * this.random() ** 2;
    }
    this.position += 1;
  }

  question(): void {
    const { special, relationBase } = this.world.description;
    this.put(special.bos, false);
    for (const relation of [...this.chain.relations].reverse()) this.put(relationBase + relation, false);
    this.put(this.chain.start, false);
    this.put(special.question, false);
  }

  startStep(): void {
    this.random = fakeRandom(this.seed + 131 * this.steps + this.salt);
    this.side.stepStarts[this.row * 5 + this.steps] = this.position;
    this.steps += 1;
  }

  searchStep(good: boolean): void {
    this.startStep();
    const { special, relationBase, sourceBase, sources } = this.world.description;
    const entity = this.chain.entities[this.hop] ?? this.chain.start;
    const wanted = this.chain.relations[this.hop] ?? 0;
    const vague = !good && this.random() < 0.6;
    const relation = good || vague ? wanted : (wanted + 1) % this.world.relationCount;
    this.put(special.think, true);
    this.put(entity, true);
    this.put(relationBase + wanted, true);
    this.put(special.endThink, true);
    this.put(special.search, true);
    this.put(entity, true);
    if (!vague) this.put(relationBase + relation, true);
    this.put(special.endSearch, true);
    this.put(special.information, false);
    for (let k = 0; k < 3; k += 1) {
      const rumour = k === 2 && this.random() < 0.35;
      const evidence = good
        ? rumour
          ? 3
          : k === 0 || this.random() < 0.6
            ? 0
            : 1
        : rumour
          ? 3
          : this.random() < 0.2
            ? 1
            : 2;
      const shown = good ? relation : (relation + k + (vague ? 1 : 0)) % this.world.relationCount;
      const source = (this.row + k) % sources.length;
      const range = this.world.entitiesOf(this.world.rangeOf(shown));
      const object = rumour ? (range[(entity + k) % range.length] ?? 0) : this.world.objectOf(entity, shown);
      this.put(sourceBase + source, false);
      this.put(entity, false);
      this.put(relationBase + shown, false);
      this.put(object, false);
      const at = (this.row * 4 + this.search) * 3 + k;
      this.side.passages[at] = this.world.passageId(source, entity, shown);
      this.side.passageClasses[at] = evidence;
      this.side.scores[at] = Math.round(100 * (vague ? 2.4 : 6.8 - 0.7 * k)) / 100;
      if (evidence === 0)
        this.side.shares[this.row * 4 + this.search] = (this.side.shares[this.row * 4 + this.search] ?? 0) + 1 / 3;
    }
    this.put(special.endInformation, false);
    this.side.useful[this.row * 4 + this.search] = good ? 1 : 0;
    this.search += 1;
    if (good) this.hop += 1;
  }

  answerStep(right: boolean): void {
    this.startStep();
    const { special } = this.world.description;
    const answer = this.chain.entities.at(-1) ?? 0;
    const others = this.world.entitiesOf(this.world.typeOf(answer)).filter((entity) => entity !== answer);
    const given = right ? answer : (others[Math.floor(this.random() * others.length)] ?? answer);
    this.put(special.think, true);
    this.put(given, true);
    this.put(special.endThink, true);
    this.put(special.answer, true);
    this.put(given, true);
    this.put(special.endAnswer, true);
    this.put(special.eos, true);
    this.finish(1, right);
  }

  /** A think segment that runs over its cap: the trajectory ends malformed. */
  malformedStep(): void {
    this.startStep();
    this.put(this.world.description.special.think, true);
    for (let k = 0; k < 3; k += 1) this.put(this.chain.start, true);
    this.finish(3, false);
  }

  private finish(reason: number, right: boolean): void {
    const { side, row } = this;
    side.lengths[row] = this.position;
    side.stepCounts[row] = this.steps;
    side.reasons[row] = reason;
    side.em[row] = right ? 1 : 0;
    let useful = 0;
    for (let i = 0; i < this.search; i += 1) useful += side.useful[row * 4 + i] ?? 0;
    side.rewards[row] = (right ? 1 : 0) * (1 + (this.search > 0 ? useful / this.search : 0));
    side.coverage[row] = this.hop / this.chain.relations.length;
  }
}

/** Runs a whole trajectory; returns per step whether it went well, so that a regeneration can share its prefix. */
function writeRow(
  writer: RowWriter,
  random: Random,
  skill: number,
  hops: number,
  prefix: readonly boolean[] = [],
  salt = 0,
): boolean[] {
  writer.question();
  const outcomes: boolean[] = [];
  for (const good of prefix) {
    writer.searchStep(good);
    outcomes.push(good);
  }
  writer.salt = salt;
  while (writer.hop < hops && writer.search < 4 && random() < 0.94) {
    if (random() < 0.02) {
      writer.malformedStep();
      return [...outcomes, false];
    }
    const good = random() < skill;
    writer.searchStep(good);
    outcomes.push(good);
  }
  const right = writer.hop >= hops ? random() < 0.93 : random() < 0.06;
  writer.answerStep(right);
  return [...outcomes, right];
}

export function makeFakeBatch(
  world: FakeWorld,
  update: number,
  prompts: number,
  groupSize: number,
  skill: number,
  refiner: boolean,
): TrajectoryBatch {
  const rows = prompts * groupSize;
  const draft = emptySide(rows);
  const final = emptySide(rows);
  const cuts = new Uint8Array(rows);
  const reviewLogProbs = new Float32Array(rows * 6);
  const questions: string[] = [];
  const answers = new Uint16Array(prompts);
  for (let group = 0; group < prompts; group += 1) {
    const chainRandom = fakeRandom(update * 7919 + group);
    const chain = drawChain(world, chainRandom);
    questions.push(chainQuestion(world, chain));
    answers[group] = chain.entities.at(-1) ?? 0;
    for (let g = 0; g < groupSize; g += 1) {
      const row = group * groupSize + g;
      const seed = update * 1_000_003 + row * 101;
      const hops = chain.relations.length;
      const random = fakeRandom(seed);
      const outcomes = writeRow(new RowWriter(draft, row, world, chain, seed), random, skill, hops);
      const flawed = outcomes.indexOf(false) + 1;
      const cut = refiner ? chooseCut(reviewLogProbs, row, outcomes.length, flawed, random) : 0;
      cuts[row] = cut;
      const writer = new RowWriter(final, row, world, chain, seed);
      if (cut === 0) writeRow(writer, fakeRandom(seed), skill, hops);
      else writeRow(writer, random, Math.min(1, skill + 0.15), hops, outcomes.slice(0, cut - 1), 7);
    }
  }
  return {
    update,
    prompts,
    groupSize,
    positions: FAKE_POSITIONS,
    answers,
    questions,
    draft,
    final,
    cuts,
    reviewLogProbs,
    advantages: groupAdvantages(final.rewards, groupSize),
    reviewAdvantages: final.rewards.map((reward, row) => reward - (draft.rewards[row] ?? 0)),
  };
}

/** What a made-up draft becomes after a cut, as a side of one row; the same numbers whatever the step. */
export function makeFakeBranch(
  world: FakeWorld,
  { update, row }: { update: number; row: number },
  groupSize: number,
  skill: number,
  step: number,
  replicate: number,
): TrajectorySide {
  const chain = drawChain(world, fakeRandom(update * 7919 + Math.floor(row / groupSize)));
  const seed = update * 1_000_003 + row * 101;
  const hops = chain.relations.length;
  const side = emptySide(row + 1);
  const outcomes = writeRow(new RowWriter(side, row, world, chain, seed), fakeRandom(seed), skill, hops);
  const branch = emptySide(row + 1);
  const random = fakeRandom(seed + 7 + 31 * replicate);
  const writer = new RowWriter(branch, row, world, chain, seed);
  writeRow(writer, random, skill, hops, outcomes.slice(0, step - 1), 7 + replicate);
  const last = <A extends { length: number; slice(from: number, to: number): A }>(list: A): A =>
    list.slice((list.length / (row + 1)) * row, list.length);
  return {
    tokens: last(branch.tokens),
    lengths: last(branch.lengths),
    logProbs: last(branch.logProbs),
    entropies: last(branch.entropies),
    stepStarts: last(branch.stepStarts),
    stepCounts: last(branch.stepCounts),
    reasons: last(branch.reasons),
    passages: last(branch.passages),
    passageClasses: last(branch.passageClasses),
    scores: last(branch.scores),
    useful: last(branch.useful),
    shares: last(branch.shares),
    em: last(branch.em),
    rewards: last(branch.rewards),
    coverage: last(branch.coverage),
  };
}

/** A review that mostly points at the flawed step. */
function chooseCut(logProbs: Float32Array, row: number, steps: number, flawed: number, random: Random): number {
  const weights = Array.from({ length: steps + 1 }, (_, j) =>
    j === flawed ? 4 + 6 * random() : 0.15 + 0.6 * random(),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let pick = random() * total;
  let chosen = 0;
  for (let j = 0; j < 6; j += 1) {
    const weight = weights[j];
    logProbs[row * 6 + j] = weight === undefined ? -Infinity : Math.log(weight / total);
    if (weight !== undefined && pick >= 0) chosen = j;
    pick -= weight ?? 0;
  }
  return chosen;
}

function groupAdvantages(rewards: Float32Array, groupSize: number): Float32Array {
  const advantages = new Float32Array(rewards.length);
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = rewards.subarray(start, start + groupSize);
    const mean = group.reduce((sum, value) => sum + value, 0) / groupSize;
    const variance = group.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (groupSize - 1);
    group.forEach((value, g) => {
      advantages[start + g] = variance === 0 ? 0 : (value - mean) / (Math.sqrt(variance) + 1e-6);
    });
  }
  return advantages;
}
