/**
 * node scripts/cli.mjs cut-tokens LINK UPDATES ROW: cuts a draft of the last of so many updates by hand at each of its steps, as
 * Cut Lab does, in Node: prints one line of JSON with the hash of the weights and the tokens of each branch. The same adapter gives the same.
 */
import { UserError } from '../lib/assert';
import { draftOf } from '../testing/engine/draft-row';
import { runMain } from './main';
import { PageRun } from './run/page-run';

await runMain(async () => {
  const [link, updates = '', row = '', ...rest] = process.argv.slice(2);
  if (link === undefined || rest.length > 0 || ![updates, row].every((text) => /^\d+$/.test(text))) {
    throw new UserError('Usage: cut-tokens LINK UPDATES ROW', "LINK is the page's, from # on: '#v1&preset=search-r2'.");
  }
  const run = new PageRun(link.slice(link.indexOf('#')));
  const { adapter, batch } = await run.train(Number(updates));
  if (batch === null || Number(row) >= batch.draft.lengths.length) {
    throw new UserError(`There is no row ${row} after ${updates} updates.`, 'Name one of an update, from 0.');
  }
  const draft = draftOf(batch, Number(row));
  const branches: { step: number; update: number; tokens: number[] }[] = [];
  for (let step = 1; step <= draft.steps; step++) {
    const command = { type: 'cut', id: step, draft, step, replicate: 0, weights: batch.update } as const;
    const { branch } = await run.ask(command, 'branch');
    const { tokens, lengths } = branch.side;
    branches.push({ step, update: branch.update, tokens: [...tokens.subarray(0, lengths[0] ?? 0)] });
  }
  const { weightsHash } = await run.ask({ type: 'checkpoint' }, 'checkpoint');
  console.log(JSON.stringify({ adapter, weightsHash, branches }));
});
