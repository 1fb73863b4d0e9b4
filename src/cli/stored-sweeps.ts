/**
 * node scripts/cli.mjs stored-sweeps CAPSULE CHECKPOINT OUT: sweeps every draft of the newest update of a recorded run with the
 * weights after it, as Cut Lab does: for who has no WebGPU. The same adapter gives the same.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../lib/assert';
import { decodeCapsule } from '../recordings/capsule/capsule';
import { encodeSweeps } from '../recordings/stored-sweeps';
import { rowOf } from '../testing/engine/draft-row';
import { MAX_SWEEP_REPLICATES, type CutSweep } from '../trainer/protocol/protocol';
import { runMain } from './main';
import { PageRun } from './run/page-run';

await runMain(async () => {
  const [from, weights, out, ...rest] = process.argv.slice(2);
  if (from === undefined || weights === undefined || out === undefined || rest.length > 0) {
    throw new UserError(
      'Usage: stored-sweeps FILE.capsule FILE.safetensors OUT.json',
      'docs/formats.md has an example.',
    );
  }
  const { config, batches } = await decodeCapsule(new Uint8Array(readFileSync(from)), from);
  const newest = batches.at(-1);
  if (newest === undefined) throw new UserError(`${from} has no trajectories.`, 'Name a capsule that has some.');
  const { update, positions, draft } = newest.batch;
  const run = new PageRun('#v1');
  let adapter = '';
  run.listen((event) => {
    if (event.type === 'adapter') adapter = event.adapter.description;
  });
  const bytes = new Uint8Array(readFileSync(weights)).buffer;
  const initial = { kind: 'checkpoint', name: weights, bytes } as const;
  await run.ask({ type: 'start', runId: 1, config, initial, baseUrl: '' }, 'state', ({ state }) => state === 'paused');
  const drafts = new Map<number, CutSweep>();
  for (const [place, row] of newest.rows.entries()) {
    const asked = rowOf(draft, positions, { update, row }, place);
    if (asked.steps === 0) continue;
    const how = { firstReplicate: 0, replicates: MAX_SWEEP_REPLICATES, weights: update };
    const { sweep } = await run.ask({ type: 'sweep', id: row + 1, draft: asked, ...how }, 'swept');
    if (sweep.update !== update)
      throw new UserError(`${weights} is not of update ${update}.`, 'Name that of the capsule.');
    drafts.set(row, sweep);
  }
  writeFileSync(out, `${JSON.stringify(encodeSweeps({ adapter, update, drafts }))}\n`);
  console.log(`${drafts.size} drafts of update ${update}: ${out}`);
});
