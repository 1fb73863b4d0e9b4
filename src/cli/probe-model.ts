/** npm run probe-model -- URL: what a model server does, as the page finds out before it cuts. See --help. */
import { readTokens } from '../config/flags';
import { UserError } from '../lib/assert';
import { abilityRows } from '../rollouts/live/ability-rows';
import type { LivePath, Post } from '../rollouts/live/live-server';
import { probe } from '../rollouts/live/probe';
import { runMain } from './main';

const HELP = `Usage: npm run probe-model -- URL [--model-name NAME] [--text TEXT]

Asks a model server a few short questions, and prints what it does: whether it goes on from a text, keeps seeds, gives
log-probabilities. URL ends with /v1 for most servers. A key comes from CUTPOINT_MODEL_KEY.

  --model-name NAME  which of its models (the first)
  --text TEXT        what it is asked to go on from: a prompt from which it writes a dozen words
  --json             one JSON object
  --help             prints this
`;

await runMain(async () => {
  const given = readTokens(process.argv.slice(2), {
    values: ['model-name', 'text'],
    switches: ['json', 'help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) {
    console.log(HELP);
    return;
  }
  const [url, ...others] = given.positionals;
  if (url === undefined || others.length > 0 || !URL.canParse(url)) {
    throw new UserError('Which server? Give its address: npm run probe-model -- http://localhost:8000/v1');
  }
  const { signal } = new AbortController();
  const abilities = await probe(postTo(url), given.last('model-name') ?? null, signal, given.last('text'));
  if (given.has('json')) {
    console.log(JSON.stringify(abilities, null, 2));
    return;
  }
  console.log(`${abilities.model}, ${abilities.ms.toFixed(0)} ms a request`);
  for (const { what, seen, so } of abilityRows(abilities)) {
    console.log(`${what.padEnd(36)}${seen.padEnd(24)}${so}`.trimEnd());
  }
});

/** Straight to the server: the page's own pass-through is not needed here. */
function postTo(url: string): Post {
  const v1 = url.replace(/\/+$/, '');
  const paths: Partial<Record<LivePath, string>> = {
    ...{ 'model/models': 'models', 'model/completions': 'completions', 'model/chat': 'chat/completions' },
  };
  const key = process.env['CUTPOINT_MODEL_KEY'];
  return async (path, body, signal) => {
    try {
      return await fetch(`${v1}/${paths[path] ?? path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: {
          ...(body === null ? {} : { 'Content-Type': 'application/json' }),
          ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
        signal,
      });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UserError(`Nothing answers at ${v1}.`, 'Is the server running, and at this address?');
    }
  };
}
