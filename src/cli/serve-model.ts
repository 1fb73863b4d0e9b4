/** npm run serve-model -- FOLDER|NAME: a checkpoint behind the interface that other model servers have. See docs/guide/serve-model.md. */
import { readTokens } from '../config/flags';
import { UserError } from '../lib/assert';
import { runMain } from './main';
import { openModel } from './serve/open-model';
import { measureSweep, type SweepCost, type SweepTimes } from './serve/measure';
import { startServer } from './serve/start-server';

const PORT = 8000;
const HOST = '127.0.0.1';

const HELP = `Usage: npm run serve-model -- FOLDER|NAME [--port NUMBER]

Serves a checkpoint: /v1/models and /v1/completions as OpenAI's interface has them, and POST /retrieve of its world as
Search-R1's retriever has it. FOLDER is a run folder, a folder that npm run export wrote, or a file of weights; NAME a
model that ships, such as microwiki-tiny. Ctrl-C ends it.

  --port NUMBER      port to listen on (${PORT}); 0 takes a free one
  --host ADDRESS     address to listen on (${HOST}, which this machine alone reaches)
  --held-out N       which held-out world /retrieve searches (0)
  --measure          times a sweep of five cuts with 16 regenerations each, over the server and in the engine, and ends
  --world FILE.tsv   the triples that it was trained on, where they do not lie beside it and it is no built-in world
  --help             prints this
`;

await runMain(async () => {
  const given = readTokens(process.argv.slice(2), {
    values: ['port', 'host', 'held-out', 'world'],
    switches: ['measure', 'help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) {
    console.log(HELP);
    return;
  }
  const [what, ...others] = given.positionals;
  if (what === undefined || others.length > 0) {
    throw new UserError('Which model? Give one: npm run serve-model -- FOLDER|NAME', 'See --help.');
  }
  const port = readNumber(given.last('port'), 'port', PORT, 65535);
  const heldOut = readNumber(given.last('held-out'), 'held-out', 0, 65535);
  const model = await openModel(what, given.last('world'));
  const { server, gpu, url } = await startServer(model, { host: given.last('host') ?? HOST, port, heldOut });
  if (given.has('measure')) {
    for (const line of sweepLines(await measureSweep(model, url, gpu))) console.log(line);
    return;
  }
  console.log(`${model.name}: ${model.title}`);
  console.log(`model      ${url}/v1`);
  console.log(`retriever  ${url}/retrieve`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  server.close();
  server.closeAllConnections();
});

function readNumber(text: string | undefined, flag: string, standard: number, most: number): number {
  const value = text === undefined ? standard : Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new UserError(`--${flag} takes a number from 0 to ${most}, not "${text}".`);
}

function sweepLines({ cuts, replicates, rounds, engine, server, equal }: SweepTimes): string[] {
  const told = (what: string, kind: keyof SweepCost) => {
    const [own, other] = [engine[kind], server[kind]];
    return `${what}: engine ${own.toFixed(0)} ms, server ${other.toFixed(0)} ms, ${(other / own).toFixed(2)} times`;
  };
  return [
    `sweep of ${cuts} cuts x ${replicates}, least of ${rounds}`,
    told('time', 'ms'),
    told('processor time', 'cpuMs'),
    `exact match the same in ${equal} of ${cuts * replicates}`,
  ];
}
