/** A checkpoint as a server of models and of its world's passages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError } from './api-error';
import { readCompletionRequest } from './completion-request';
import { complete, type Served } from './completions';
import { EventStream, mayAsk, readBody, sendJson } from './http';
import { FieldError, type Retriever } from './retriever';
import type { Tokenizer } from './tokenizer';

export interface ServerParts extends Served {
  tokenizer: Tokenizer;
  retriever: Retriever;
  /** A prompt with what is written after it. */
  positions: number;
  /** Address that is listened on. */
  host: string;
}

/** Slow senders are cut off; answers take as long as they take. */
const REQUEST_TIMEOUT_MS = 30_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export function createModelServer(parts: ServerParts): Server {
  const models = { model: modelOf(parts), routes: routesOf(parts) };
  const server = createServer((request, response) => {
    const answer = async () => {
      if (!mayAsk(request, parts.host))
        throw new ApiError(403, 'Other pages and other host names get nothing from here.');
      await route(models, request)(request, response);
    };
    answer().catch((error: unknown) => refuse(error, response));
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

function modelOf({ model, positions }: ServerParts) {
  const created = Math.floor(Date.now() / 1000);
  return { id: model, object: 'model', created, owned_by: 'cutpoint', max_model_len: positions };
}

type Routes = Readonly<Record<string, { method: 'GET' | 'POST'; handle: Handler }>>;

function routesOf(parts: ServerParts): Routes {
  const model = modelOf(parts);
  return {
    '/health': { method: 'GET', handle: (_, response) => sendJson(response, 200, {}) },
    '/v1/models': {
      method: 'GET',
      handle: (_, response) => sendJson(response, 200, { object: 'list', data: [model] }),
    },
    '/v1/completions': { method: 'POST', handle: (request, response) => completions(parts, request, response) },
    '/retrieve': {
      method: 'POST',
      handle: async (request, response) => sendJson(response, 200, parts.retriever.retrieve(await readBody(request))),
    },
  };
}

/** @throws ApiError where nothing is there, or it is asked otherwise */
function route({ model, routes }: { model: { id: string }; routes: Routes }, request: IncomingMessage): Handler {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const named = /^\/v1\/models\/(.+)$/.exec(pathname)?.[1];
  if (named !== undefined && request.method === 'GET') {
    if (decoded(named) === model.id) return (_, response) => sendJson(response, 200, model);
    throw new ApiError(404, `The model does not exist: this server has \`${model.id}\`.`, {
      param: 'model',
      code: 'model_not_found',
    });
  }
  const found = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (found === undefined) {
    throw new ApiError(404, `There is no ${pathname.slice(0, 80)} here: there are ${Object.keys(routes).join(', ')}.`);
  }
  if (found.method !== request.method) throw new ApiError(405, `${pathname} is asked by ${found.method}.`);
  return found.handle;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function completions(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, positions, tokenizer } = parts;
  const asked = readCompletionRequest(await readBody(request), { model, positions, tokenizer });
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  const stream = new EventStream(response);
  const answer = await complete(parts, asked, (chunk) => stream.send(chunk), gone);
  if (response.destroyed) return;
  if (!asked.stream) sendJson(response, 200, answer);
  else {
    if (asked.streamUsage) stream.send(answer);
    stream.end();
  }
}

function refuse(error: unknown, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof FieldError) sendJson(response, 422, error.body);
  else if (error instanceof ApiError) {
    // What is left of a body that was not read to its end is not waited for.
    if (error.status === 413) response.setHeader('Connection', 'close');
    sendJson(response, error.status, error.body);
  } else {
    console.error(error);
    sendJson(response, 500, new ApiError(500, 'The engine failed: see what the server printed.').body);
  }
}
