import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

function loadFiles(folder) {
  const files = new Map();
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const content = readFileSync(path);
    const type = TYPES[extname(name)];
    files.set(name.replaceAll('\\', '/'), {
      body: type === undefined ? content : gzipSync(content),
      headers: {
        'Content-Type': type ?? 'application/octet-stream',
        'Cache-Control': 'max-age=600',
        ...(type === undefined ? {} : { 'Content-Encoding': 'gzip' }),
      },
    });
  }
  return files;
}

/**
 * Serves a built page on localhost like a static host: text after gzip, everything to be kept for ten minutes. What it
 * sends lies in memory, so that no disk is measured.
 *
 * @param {string} folder
 * @returns {Promise<{url: string, taken: () => {file: string, bytes: number}[], close: () => Promise<void>}>} taken: what
 *   was sent since it was asked last, in bytes without headers
 */
export async function servePage(folder) {
  const files = loadFiles(folder);
  let sent = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1);
    const name = path === '' ? 'index.html' : path;
    const file = files.get(name);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    sent.push({ file: name, bytes: file.body.length });
    response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length }).end(file.body);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    taken: () => {
      const since = sent;
      sent = [];
      return since;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
