import { EXACT } from '../bench/bounds';
import type { KernelCase } from '../bench/kernel-case';
import { scriptSteps, type ScriptStep } from '../launch/episode-script';
import {
  playScript,
  readCompaction,
  readEpisodes,
  scriptedCompaction,
  scriptedEpisodes,
  scriptRows,
  uploadBatch,
} from '../launch/launch-episode';
import {
  launchTexts,
  launchThoughts,
  launchVerdicts,
  scriptedTexts,
  scriptedThoughts,
  scriptedVerdicts,
} from '../launch/launch-review-again';
import {
  launchReading,
  launchReviews,
  scriptedReading,
  scriptedReviews,
  type ReviewHow,
} from '../launch/launch-review';

/** Trajectories from question to end, right and malformed ones. */
export function episodeCase(size: number, errorEvery: number): KernelCase {
  const rows = scriptRows(size, { errorEvery });
  return {
    name: `${size} trajectories`,
    bound: EXACT,
    launch: (bench) =>
      bench.run(async (scope) => {
        const batch = uploadBatch(scope, rows);
        await playScript(scope, rows, batch);
        return readEpisodes(scope, batch, size);
      }),
    want: () => scriptedEpisodes(rows),
  };
}

/** What is made ready for a decoding step of trajectories under way. */
export function compactionCase(size: number, index: number): KernelCase {
  const rows = scriptRows(size, { errorEvery: 12 });
  const wanted = scriptSteps(rows)[index] ?? { active: [], fed: [] };
  return {
    name: `${size} trajectories at step ${index}`,
    bound: EXACT,
    launch: (bench) =>
      bench.run(async (scope) => {
        const batch = uploadBatch(scope, rows);
        let prepared = {};
        const onStep = async (at: number, { active, fed }: ScriptStep) => {
          if (at === index) prepared = await readCompaction(scope, batch, active.length, fed.length);
        };
        await playScript(scope, rows, batch, { onStep });
        return prepared;
      }),
    want: () => scriptedCompaction(rows, wanted),
  };
}

/** Finished trajectories read by a refiner of its own. */
export function readingCase(size: number, block: number): KernelCase {
  const rows = scriptRows(size, { errorEvery: 12 });
  return {
    name: `${size} trajectories read, block ${block}`,
    bound: EXACT,
    launch: (bench) => launchReading(bench, rows, block, false),
    want: () => scriptedReading(rows, block, false),
  };
}

/** Texts that reviews read again, with what the policy was sure of. */
export function textCase(size: number): KernelCase {
  const rows = scriptRows(size, { errorEvery: 60 });
  const how = { first: 3, count: size, certainty: true };
  return {
    name: `${size} texts to read again`,
    bound: EXACT,
    launch: (bench) => launchTexts(bench, rows, how),
    want: () => scriptedTexts(rows, how),
  };
}

/** What reviews think of each hop, in their texts. */
export function thoughtCase(size: number): KernelCase {
  const rows = scriptRows(size, { errorEvery: 60 });
  const how = { first: 3, count: size, certainty: true, thoughts: 3 };
  return {
    name: `${size} reviews that think`,
    bound: EXACT,
    launch: (bench) => launchThoughts(bench, rows, how),
    want: () => scriptedThoughts(rows, how),
  };
}

/** Verdicts behind the steps of texts, as one integer each. */
export function verdictCase(size: number): KernelCase {
  const rows = scriptRows(size, { errorEvery: 60 });
  const how = { first: 0, count: size, certainty: false };
  return {
    name: `${size} verdicts`,
    // Logarithms of products of up to five probabilities, from logits of size 4.
    bound: { rtol: 0, atol: 2e-4 },
    launch: (bench) => launchVerdicts(bench, rows, how),
    want: () => scriptedVerdicts(rows, how),
  };
}

export function reviewCase(size: number, how: ReviewHow): KernelCase {
  const rows = scriptRows(size, { errorEvery: 60 });
  return {
    name: `${size} reviews`,
    // Nothing between integers, and log-probabilities of logits of size 1.
    bound: { rtol: 0, atol: 5e-5 },
    launch: (bench) => launchReviews(bench, rows, how),
    want: () => scriptedReviews(rows, how),
  };
}
