/**
 * node scripts/cli.mjs weights-hash LINK [UPDATES]: what the page computes from that link, in Node: prints one line of JSON
 * with the hash of the weights after so many updates (1). The same adapter gives the same hash in Node and in a browser.
 */
import { UserError } from '../lib/assert';
import { runMain } from './main';
import { PageRun } from './run/page-run';

await runMain(async () => {
  const [link, updates = '1', ...rest] = process.argv.slice(2);
  if (link === undefined || rest.length > 0 || !/^\d+$/.test(updates)) {
    throw new UserError('Usage: weights-hash LINK [UPDATES]', "LINK is the page's, from # on: '#v1&preset=search-r2'.");
  }
  const run = new PageRun(link.slice(link.indexOf('#')));
  const { adapter } = await run.train(Number(updates));
  const { update, weightsHash } = await run.ask({ type: 'checkpoint' }, 'checkpoint');
  console.log(JSON.stringify({ adapter, update, weightsHash }));
});
