/** Puts a model on the GPU and behind a server. */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { BLOCK_TOKENS } from '../../env/episode-limits';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { UserError } from '../../lib/assert';
import { openNodeGpu } from '../../node/node-gpu';
import { DecodeBatch } from './decode-batch';
import type { ServedModel } from './open-model';
import { Retriever } from './retriever';
import { Scheduler } from './scheduler';
import { createModelServer } from './server';
import { Tokenizer } from './tokenizer';

/** Sequences that write at once: more than a sweep of five cuts with 16 regenerations each. */
const ROWS = 96;
/** A prompt with what is written after it: an episode of 3 hops has 103. */
const POSITIONS = 256;
/** Tokens that are written before it is looked whether a sequence ends with one of them. */
const AHEAD = 8;

export interface RunningServer {
  server: Server;
  gpu: Gpu;
  url: string;
}

export interface ServeOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Number of the held-out world that is searched. */
  heldOut: number;
}

/** @throws UserError where the address cannot be listened on */
export async function startServer(model: ServedModel, options: ServeOptions, gpu?: Gpu): Promise<RunningServer> {
  const { family, table, params, config, pool, name } = model;
  const { vocabulary } = family.schema;
  const device = gpu ?? (await openGpu(await openNodeGpu(), wgslIncludes));
  const shape = { rows: ROWS, positions: POSITIONS, ahead: AHEAD, block: BLOCK_TOKENS };
  const batch = await DecodeBatch.open(device, table, params, vocabulary, shape, config.kvCache);
  const tokenizer = new Tokenizer(vocabulary.strings);
  const server = createModelServer({
    model: name,
    scheduler: new Scheduler(batch, ROWS, POSITIONS, vocabulary.actorAllowed),
    strings: vocabulary.strings,
    eos: vocabulary.special.eos,
    ...{ tokenizer, positions: POSITIONS, host: options.host },
    retriever: new Retriever(model, pool.heldOut(options.heldOut), tokenizer),
  });
  return { server, gpu: device, url: await listen(server, options) };
}

function listen(server: Server, { host, port }: ServeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new UserError(
          taken ? `Port ${port} is taken.` : `${host}, port ${port}, cannot be listened on: ${error.message}.`,
          taken ? `Name another: --port ${port + 1}` : 'Name another address or port: --host, --port.',
        ),
      );
    });
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}
