/** A rollout that the engine wrote, cut at each step over the server: the tokens of the engine's own sweep, whatever else is served. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveHandler, TOKEN_HEADER } from '../../../scripts/lib/live-server.mjs';
import { Episode } from '../../env/episode';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { refinedRollout } from '../../rl/learning/refined-rollout';
import type { Learner } from '../../rl/learning/learner';
import { everyCut, sweepCuts } from '../../rl/rollout/sweep';
import { OWN_LIVE_FORMAT } from '../../rollouts/live/formats';
import { liveServer, type Post } from '../../rollouts/live/live-server';
import { openRollout } from '../../rollouts/live/open-rollout';
import { regenerate, type Regenerated } from '../../rollouts/live/regenerate';
import { seedOf } from '../../rollouts/live/served-seed';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { trajectoryLines } from '../../trainer/state/trajectory-jsonl';
import { openModel } from './open-model';
import { startServer, type RunningServer } from './start-server';
import { Tokenizer } from './tokenizer';

const REPLICATES = 3;

let gpu: Gpu;
let served: RunningServer;
let learner: Learner;
beforeAll(async () => {
  gpu = await openTestGpu();
  served = await startServer(
    await openModel('microwiki-tiny', undefined),
    { host: '127.0.0.1', port: 0, heldOut: 0 },
    gpu,
  );
  learner = smallLearner(gpu);
  learner.startFrom(shippedBase(learner));
});
afterAll(() => {
  learner.destroy();
  served.server.close();
  gpu.close();
});

const post: Post = (path, body, signal) =>
  fetch(`${served.url}${path === 'retriever' ? '/retrieve' : '/v1/completions'}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });

/** Rollouts of update 1, and the lines that the command line writes of them. */
async function written() {
  const rows = learner.questions(0);
  const rollout = await refinedRollout(learner.rollout, learner.optimizer.params, rows, {
    ...learner.rolloutOptions(0),
    review: null,
  });
  const zeros = new Float64Array(rows.length);
  const report = { update: 1, rollout, rows, advantages: zeros, reviewAdvantages: [zeros] };
  const lines = [...trajectoryLines(report, learner.positions, learner.config.runSeed)].map((line): unknown =>
    JSON.parse(line),
  );
  return { rows, draft: rollout.draft, lines };
}

interface Line {
  worldSeed: number;
  row: number;
  draft: { tokens: string[]; stepStarts: number[] };
}

const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null && 'worldSeed' in value;

async function overTheServer(line: Line, seed: bigint, replicates: number, seedLists = true): Promise<Regenerated[]> {
  const found: Regenerated[] = [];
  await regenerate(
    liveServer(post, null, { seedLists }),
    line.draft.stepStarts.map((start, k) => ({ text: line.draft.tokens.slice(0, start).join(' '), searches: k })),
    {
      ...{ format: OWN_LIVE_FORMAT, world: line.worldSeed, seed, replicates, temperature: 1 },
      signal: new AbortController().signal,
      onRow: (row) => found.push(row),
    },
  );
  return found;
}

describe('cuts over the server', () => {
  it("are the engine's own, token for token, for every step and replicate", async () => {
    const { rows, draft, lines } = await written();
    const { vocabulary } = learner.family.schema;
    const tokenizer = new Tokenizer(vocabulary.strings);
    const { runSeed, process, combine } = learner.config;
    const chosen = lines.filter(isLine).filter(({ draft: { stepStarts } }) => stepStarts.length >= 2);
    expect(chosen.length).toBeGreaterThan(3);
    const answers = new Set<string>();
    // All at once: whatever else is served must not matter.
    const all = await Promise.all(
      chosen.map(async (line, k) => {
        // Every second as if it stood far below: its seed is none that a number holds.
        const shift = (k % 2) * 1000;
        const seed = seedOf({ runSeed, row: line.row + shift, replicate: 0 });
        expect(seed > Number.MAX_SAFE_INTEGER).toBe(shift > 0);
        return { line, shift, found: await overTheServer(line, seed, REPLICATES) };
      }),
    );
    for (const { line, shift, found } of all) {
      const place = rows.findIndex(({ logicalRow }) => logicalRow === line.row);
      const asked = rows[place]!;
      const cuts = everyCut(draft).filter((cut) => cut.draft === place);
      const placed = rows.map((row) => ({ ...row, logicalRow: row.logicalRow + shift }));
      const own = await sweepCuts(learner.rollout, learner.optimizer.params, placed, draft, cuts, {
        ...{ runSeed, update: 0, replicates: REPLICATES, reward: { process, combine }, trajectories: true },
      });
      expect(found).toHaveLength(cuts.length * REPLICATES);
      for (const { cut, replicate, text, answer } of found) {
        const i = cut * REPLICATES + replicate;
        const side = own.trajectories!;
        const expected = [...side.tokens.subarray(i * learner.positions, i * learner.positions + side.lengths[i]!)];
        const start = draft.stepStarts[place * MAX_STEPS + cut]!;
        const encoded = tokenizer.encode(`${line.draft.tokens.slice(0, start).join(' ')}${text}`);
        if ('unknown' in encoded) throw new Error(encoded.unknown);
        const prompt = line.draft.stepStarts[0]!;
        const episode = new Episode(vocabulary, prompt);
        const tokens = encoded.map(({ token }) => token);
        for (const token of tokens.slice(prompt)) episode.push(token);
        // The server's text has no word for <eos>.
        if (answer !== null) episode.push(vocabulary.special.eos);
        const whole = answer === null ? tokens : [...tokens, vocabulary.special.eos];
        expect(whole.slice(0, episode.length), `row ${line.row}, cut ${cut + 1}, replicate ${replicate}`).toEqual(
          expected,
        );
        expect(episode.reason).toBe(side.reasons[i]);
        expect(answer === vocabulary.strings[vocabulary.entityBase + asked.chain.answer]).toBe(own.em[i] === 1);
        answers.add(text);
      }
    }
    // Not all say the same: an agreement of constants would prove nothing.
    expect(answers.size).toBeGreaterThan(all.length);
  });

  it('are the same alone, and one request a replicate, and others for another seed', async () => {
    const { lines } = await written();
    const line = lines.filter(isLine).find(({ draft: { stepStarts } }) => stepStarts.length >= 3)!;
    const texts = (found: Regenerated[]) =>
      found.map(({ cut, replicate, text }) => `${cut} ${replicate} ${text}`).sort();
    const first = texts(await overTheServer(line, 7n, 4));
    expect(texts(await overTheServer(line, 7n, 4))).toEqual(first);
    expect(texts(await overTheServer(line, 7n, 4, false))).toEqual(first);
    expect(texts(await overTheServer(line, 7_000_000n, 4))).not.toEqual(first);
  });

  it('are the same through the page: its pass-through, and the file opened as text', async () => {
    const { lines } = await written();
    const servers = { model: `${served.url}/v1`, modelName: null, retriever: `${served.url}/retrieve`, judge: null };
    const live = liveHandler(servers, 'token');
    const page = createServer((request, response) => live(request, response, () => response.end()));
    await new Promise<void>((resolve) => page.listen(0, 'localhost', resolve));
    const address = page.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const through: Post = (path, body, signal) =>
      fetch(`http://localhost:${port}/live/${path}`, {
        ...{ method: 'POST', headers: { [TOKEN_HEADER]: 'token' }, body: JSON.stringify(body), signal },
      });
    for (const line of lines.filter(isLine).filter(({ draft: { stepStarts } }) => stepStarts.length >= 3)) {
      const rollout = openRollout(JSON.stringify(line), 'draft');
      const found: Regenerated[] = [];
      const seed = seedOf({ runSeed: learner.config.runSeed, row: line.row, replicate: 0 });
      const { format, world } = rollout;
      // Nobody types it: the line says it.
      expect(rollout.seed).toBe(seed);
      await regenerate(liveServer(through, null), rollout.beginnings(rollout.text), {
        ...{ format, world, seed, replicates: REPLICATES, temperature: 1, signal: new AbortController().signal },
        onRow: (row) => found.push(row),
      });
      const told = (rows: readonly Regenerated[]) =>
        rows.map(({ cut, replicate, text }) => `${cut} ${replicate} ${text}`).sort();
      expect(told(found)).toEqual(told(await overTheServer(line, seed, REPLICATES)));
    }
    page.close();
    page.closeAllConnections();
  });
});
