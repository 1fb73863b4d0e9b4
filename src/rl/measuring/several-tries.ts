/** What several tries of a question are worth, and by whose word one of them is taken (docs/metrics.md, tries.jsonl). */
import { mean } from '../../lib/stats';

/** Who says how likely a try is wrong: the refiner's network, the symbolic reader, or the actor's own doubt. */
export type Judge = 'network' | 'rules' | 'doubt';

/** One try of each of Q questions. */
export interface Try {
  /** (Q) 1 where its answer is right. */
  em: ArrayLike<number>;
  /** (Q) the token it answers with, -1 where it ended without an answer. */
  answers: ArrayLike<number>;
  /** (Q) tokens that the actor sampled. */
  tokens: ArrayLike<number>;
  /** (Q) each: the larger, the likelier the try is held to be wrong. */
  doubts: Readonly<Record<Judge, ArrayLike<number>>>;
}

export interface TryLine {
  rule: string;
  /** The most tries of a question. */
  tries: number;
  /** Share of the questions answered right. */
  em: number;
  /** Tokens that the actor sampled for a question, on average. */
  tokens: number;
}

interface Choice {
  /** Place of the try whose answer is taken, null where none answered. */
  taken: number | null;
  /** Tries that were made. */
  made: number;
}

type Rule = (tries: readonly Try[], question: number) => Choice;

/** The answer that most tries give; of equally many the one that was given first. */
const vote: Rule = (tries, q) => {
  const votes = new Map<number, { count: number; place: number }>();
  for (const [place, { answers }] of tries.entries()) {
    const answer = answers[q] ?? -1;
    if (answer < 0) continue;
    const known = votes.get(answer);
    if (known) known.count++;
    else votes.set(answer, { count: 1, place });
  }
  const [winner] = [...votes.values()].sort((a, b) => b.count - a.count || a.place - b.place);
  return { taken: winner?.place ?? null, made: tries.length };
};

/** The try that `judge` doubts least, the earliest of equals. */
const best =
  (judge: Judge): Rule =>
  (tries, q) => {
    const doubts = tries.map((one) => one.doubts[judge][q] ?? 0);
    return { taken: doubts.indexOf(Math.min(...doubts)), made: tries.length };
  };

/** The first try that `judge` accepts, and no more are made; where it accepts none, the one it doubts least. */
const until =
  (judge: Judge, margin: number): Rule =>
  (tries, q) => {
    const accepted = tries.findIndex((one) => (one.doubts[judge][q] ?? 0) <= margin);
    return accepted < 0 ? best(judge)(tries, q) : { taken: accepted, made: accepted + 1 };
  };

/** A try that is right, if any is: what no rule can exceed. */
const any: Rule = (tries, q) => ({ taken: tries.findIndex(({ em }) => em[q] === 1), made: tries.length });

/** 1, 2, 4 .. and the most. */
export function countsUpTo(most: number): number[] {
  const counts = [];
  for (let n = 1; n < most; n *= 2) counts.push(n);
  return [...counts, most];
}

/**
 * Exact match and cost by each rule, with 1, 2, 4 .. tries of a question.
 *
 * @param tries in the order in which they are made, of the same questions
 * @param margin that the network's doubt must exceed for a rejection (the setting `margin`)
 */
export function severalTries(tries: readonly Try[], margin: number): TryLine[] {
  const rules: Readonly<Record<string, Rule>> = {
    vote,
    best: best('network'),
    until: until('network', margin),
    bestByRules: best('rules'),
    untilByRules: until('rules', 0),
    bestByDoubt: best('doubt'),
    any,
  };
  const questions = Array.from({ length: tries[0]?.em.length ?? 0 }, (_, q) => q);
  const line = (name: string, rule: Rule, n: number): TryLine => {
    const first = tries.slice(0, n);
    const choices = questions.map((q) => rule(first, q));
    const em = choices.map(({ taken }, q) => (taken === null ? 0 : (first[taken]?.em[q] ?? 0)));
    const tokens = choices.map(({ made }, q) =>
      first.slice(0, made).reduce((sum, one) => sum + (one.tokens[q] ?? 0), 0),
    );
    return { rule: name, tries: n, em: mean(em), tokens: mean(tokens) };
  };
  return countsUpTo(tries.length).flatMap((n) =>
    n === 1 ? [line('one', any, 1)] : Object.entries(rules).map(([name, rule]) => line(name, rule, n)),
  );
}
