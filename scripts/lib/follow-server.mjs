// Hands the page one folder of a training: a list of its files of rollouts, and their bytes. It only reads.
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isOwnPage } from './own-page.mjs';

/** As src/rollouts/follow/folder.ts has them. */
export const FOLLOWED = /\.(jsonl|ndjson|json|parquet|eval|zip)(\.gz)?$/i;
const MOST_FILES = 5000;
const MOST_DEPTH = 16;

const mayRead = (request) => request.method === 'GET' && isOwnPage(request);

/** Files and folders as they lie there: no link is followed, nothing hidden is seen. */
async function listFolder(folder, path, depth, files) {
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  for (const entry of entries) {
    if (files.length >= MOST_FILES) return;
    if (entry.name.startsWith('.')) continue;
    const name = path === '' ? entry.name : `${path}/${entry.name}`;
    try {
      if (entry.isDirectory()) {
        if (depth < MOST_DEPTH) await listFolder(folder, name, depth + 1, files);
      } else if (entry.isFile() && FOLLOWED.test(name)) {
        const { size, mtimeMs } = await lstat(join(folder, name));
        files.push({ name, size, modified: mtimeMs });
      }
    } catch (error) {
      // It went, or may not be read.
      if (!['ENOENT', 'EACCES', 'ENOTDIR', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

/** @returns the opened file, null where it is none that may be read */
async function openInside(folder, name) {
  const parts = name.split('/');
  const plain = parts.every((part) => part !== '' && !part.startsWith('.') && !/[\\\0:]/.test(part));
  if (!plain || parts.length > MOST_DEPTH || !FOLLOWED.test(name)) return null;
  const path = join(await realpath(folder), ...parts);
  // A pipe would keep who opens it waiting.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  const stat = await file.stat();
  if (stat.isFile() && (await realpath(path)) === path) return { file, size: stat.size };
  await file.close();
  return null;
}

const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

async function sendList(folder, response) {
  const files = [];
  await listFolder(folder, '', 1, files);
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/json' }).end(JSON.stringify(files));
}

/** Always a part: the page says from where to where. */
async function sendPart(folder, name, range, response) {
  const opened = await openInside(folder, name);
  if (opened === null) return false;
  const { file, size } = opened;
  try {
    const [, from, to] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range ?? '') ?? [];
    const [start, end] = [Number(from), Math.min(Number(to), size - 1)];
    if (!(start <= end)) {
      response.writeHead(416, { ...HEADERS, 'Content-Range': `bytes */${size}` }).end();
      return true;
    }
    response.writeHead(206, {
      ...HEADERS,
      'Content-Type': 'application/octet-stream',
      'Content-Length': end - start + 1,
      'Content-Range': `bytes ${start}-${end}/${size}`,
    });
    await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file.close();
  }
  return true;
}

/** What answers `/follow/list` and `/follow/file?name=PATH`; anything else below `/follow/` is not there. */
export function followHandler(folder) {
  return (request, response, next) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!/^\/follow(\/|$)/.test(pathname)) {
      next();
      return;
    }
    const answer = async () => {
      if (!mayRead(request)) return false;
      if (pathname === '/follow/list') {
        await sendList(folder, response);
        return true;
      }
      return (
        pathname === '/follow/file' && sendPart(folder, searchParams.get('name') ?? '', request.headers.range, response)
      );
    };
    const notFound = () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(404, HEADERS).end();
    };
    answer().then((done) => done || notFound(), notFound);
  };
}

/** The plugin of Vite's development server. A built page has nothing of it. */
export function followPlugin(folder) {
  return {
    name: 'follow-folder',
    apply: 'serve',
    configureServer: (server) => void server.middlewares.use(followHandler(folder)),
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { name: 'cutpoint-follow', content: basename(folder) || folder }, injectTo: 'head' },
      { tag: 'script', attrs: { type: 'module', src: '/src/store/files/open/follow-served.ts' }, injectTo: 'body' },
    ],
  };
}
