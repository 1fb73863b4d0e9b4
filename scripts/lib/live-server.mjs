// Passes what the page asks of a model server, a retriever and a judge on to them, under the page's own origin.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isOwnPage } from './own-page.mjs';

export const TOKEN_HEADER = 'x-cutpoint-token';
/** Bytes of a request and of an answer. Long thoughts of large models take minutes; a server that takes longer is given up. */
const LIMITS = { asked: 8 * 2 ** 20, answered: 64 * 2 ** 20, ms: 10 * 60_000 };
const mib = (bytes) => `${bytes / 2 ** 20} MiB`;

/**
 * The servers that `npm start -- --model URL ..` names.
 *
 * @typedef {{ model: string, modelName: string | null, retriever: string | null, judge: string | null }} LiveServers
 */

/** @returns what is wrong with an address, undefined where nothing is */
export function urlProblem(flag, given) {
  const example = flag === 'retriever' ? 'http://localhost:8001/retrieve' : 'http://localhost:8000/v1';
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given))
    return `--${flag} needs an address, not "${given}": npm start -- --${flag} ${example}`;
  const url = new URL(given);
  if (url.username !== '' || url.password !== '')
    return `--${flag} has a name or a password in it, which others could read. Give a key in CUTPOINT_MODEL_KEY instead.`;
  if (url.search !== '' || url.hash !== '') return `--${flag} takes an address without "?" and "#".`;
  return undefined;
}

/** All that can be asked, by path below /live/: nothing else is passed on. */
function routesOf({ model, retriever, judge }) {
  const v1 = model.replace(/\/+$/, '');
  const root = v1.replace(/\/v1$/, '');
  const asking = (method, url, key) => ({ method, url, key });
  return {
    'model/models': asking('GET', `${v1}/models`, 'CUTPOINT_MODEL_KEY'),
    'model/completions': asking('POST', `${v1}/completions`, 'CUTPOINT_MODEL_KEY'),
    'model/chat': asking('POST', `${v1}/chat/completions`, 'CUTPOINT_MODEL_KEY'),
    // How a server renders a chat: vLLM and llama.cpp have these beside /v1.
    'model/tokenize': asking('POST', `${root}/tokenize`, 'CUTPOINT_MODEL_KEY'),
    'model/detokenize': asking('POST', `${root}/detokenize`, 'CUTPOINT_MODEL_KEY'),
    'model/apply-template': asking('POST', `${root}/apply-template`, 'CUTPOINT_MODEL_KEY'),
    ...(retriever === null ? {} : { retriever: asking('POST', retriever, 'CUTPOINT_RETRIEVER_KEY') }),
    ...(judge === null
      ? {}
      : {
          'judge/models': asking('GET', `${judge.replace(/\/+$/, '')}/models`, 'CUTPOINT_JUDGE_KEY'),
          'judge/chat': asking('POST', `${judge.replace(/\/+$/, '')}/chat/completions`, 'CUTPOINT_JUDGE_KEY'),
        }),
  };
}

const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function readBody(request, most) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > most) throw new Refused(413, `More than ${mib(most)} are not passed on.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @returns the answer's status, type and bytes; where a server cannot be reached or does not end, Refused says so */
function passOn({ method, url, key }, body, gone, { ms, answered }) {
  const secret = process.env[key];
  const headers = {
    Accept: 'application/json',
    ...(body.length === 0 ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length }),
    ...(secret ? { Authorization: `Bearer ${secret}` } : {}),
  };
  const limit = AbortSignal.timeout(ms);
  const signal = AbortSignal.any([gone, limit]);
  return new Promise((resolve, reject) => {
    const failed = (error) => {
      const why = limit.aborted ? `no whole answer within ${ms / 1000} s` : (error.code ?? error.message);
      reject(
        new Refused(limit.aborted ? 504 : 502, `${url} does not answer: ${why}. Is it running, and at this address?`),
      );
    };
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const sent = send(url, { method, headers, signal }, (answer) => {
      const { statusCode = 502 } = answer;
      if (statusCode >= 300 && statusCode < 400) {
        answer.destroy();
        // It would lead to a server that nobody named.
        reject(
          new Refused(502, `${url} sends elsewhere, with status ${statusCode}. Name the address that it sends to.`),
        );
        return;
      }
      const parts = [];
      let bytes = 0;
      answer.on('error', failed);
      answer.on('data', (part) => {
        bytes += part.length;
        parts.push(part);
        if (bytes <= answered) return;
        answer.destroy();
        reject(new Refused(502, `${url} answered with more than ${mib(answered)}.`));
      });
      answer.on('end', () => resolve({ status: statusCode, body: Buffer.concat(parts) }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

function hasToken({ headers }, token) {
  const [given, wanted] = [Buffer.from(String(headers[TOKEN_HEADER] ?? '')), Buffer.from(token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * What answers below `/live/`. Who may not ask gets 404 and no word, like any path that is not there.
 *
 * @param {LiveServers} servers
 * @param {string} token that only this page was given
 */
export function liveHandler(servers, token, limits = LIMITS) {
  const routes = routesOf(servers);
  return (request, response, next) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^\/live(\/|$)/.test(pathname)) {
      next();
      return;
    }
    const path = pathname.slice('/live/'.length);
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined || request.method !== route.method || !isOwnPage(request) || !hasToken(request, token)) {
      response.writeHead(404, HEADERS).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const send = (status, body, extra = {}) => {
      if (response.destroyed) return;
      response.writeHead(status, { ...HEADERS, ...extra, 'Content-Type': 'application/json' }).end(body);
    };
    const answer = async () => {
      const { status, body } = await passOn(route, await readBody(request, limits.asked), gone.signal, limits);
      send(status, body);
    };
    answer().catch((error) => {
      const status = error instanceof Refused ? error.status : 500;
      // What is left of a body that was not read to its end is not waited for.
      const extra = status === 413 ? { Connection: 'close' } : {};
      send(status, JSON.stringify({ error: { message: error.message, type: 'pass_through' } }), extra);
    });
  };
}

/** What the page is told: its token and which servers there are, by the addresses that were named. */
export const metaContent = ({ model, modelName, retriever, judge }, token) =>
  JSON.stringify({ token, model, modelName, retriever, judge });

/**
 * The plugin of Vite's development server. A built page has nothing of it.
 *
 * @param {string} given the servers as JSON
 */
export function livePlugin(given) {
  /** @type {LiveServers} */
  const servers = JSON.parse(given);
  const token = randomBytes(32).toString('base64url');
  return {
    name: 'live-model',
    apply: 'serve',
    // By itself the development server lets pages of other ports read its pages, and this one holds the token.
    config: () => ({ server: { cors: false } }),
    configureServer: (server) => void server.middlewares.use(liveHandler(servers, token)),
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { name: 'cutpoint-live', content: metaContent(servers, token) }, injectTo: 'head' },
      { tag: 'script', attrs: { type: 'module', src: '/src/store/lab/live/connect-served.ts' }, injectTo: 'body' },
    ],
  };
}
