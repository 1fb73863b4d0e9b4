/**
 * node scripts/cli.mjs weights-hash LINK [UPDATES]: what the page computes from that link, in Node: prints one line of JSON
 * with the hash of the weights after so many updates (1). The same adapter gives the same hash in Node and in a browser.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeConfig } from '../config/url-codec';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { TrainerLoop } from '../trainer/loop';
import type { AdapterDescription, TrainerEvent } from '../trainer/protocol';
import { PUBLIC_FOLDER } from './families';
import { runMain } from './main';
import { openNodeGpu } from './node-gpu';

interface Outcome {
  adapter: AdapterDescription | null;
  update: number;
  weightsHash: string;
}

function readPublic(path: string): Promise<ArrayBuffer | null> {
  const file = join(PUBLIC_FOLDER, path);
  return Promise.resolve(existsSync(file) ? new Uint8Array(readFileSync(file)).buffer : null);
}

async function train(link: string, updates: number): Promise<Outcome> {
  const { config, notes } = decodeConfig(link);
  if (notes.length > 0) throw new UserError(notes.join(' '));
  return new Promise((resolve, reject) => {
    let adapter: AdapterDescription | null = null;
    const listen = (event: TrainerEvent): void => {
      if (event.type === 'adapter') adapter = event.adapter;
      if (event.type === 'error' && event.fatal) reject(new UserError(event.message, event.hint));
      if (event.type === 'checkpoint') resolve({ adapter, update: event.update, weightsHash: event.weightsHash });
      if (event.type !== 'state' || event.state !== 'paused') return;
      loop.handle({ type: event.update < updates ? 'step' : 'checkpoint' });
    };
    const loop = new TrainerLoop(listen, async () => openGpu(await openNodeGpu(), wgslIncludes), readPublic);
    loop.handle({ type: 'start', runId: 1, config, initial: { kind: 'shipped' }, baseUrl: '' });
  });
}

await runMain(async () => {
  const [link, updates = '1', ...rest] = process.argv.slice(2);
  if (link === undefined || rest.length > 0 || !/^\d+$/.test(updates)) {
    throw new UserError('Usage: weights-hash LINK [UPDATES]', "LINK is the page's, from # on: '#v1&preset=search-r2'.");
  }
  console.log(JSON.stringify(await train(link.slice(link.indexOf('#')), Number(updates))));
});
