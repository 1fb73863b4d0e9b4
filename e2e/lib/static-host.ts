/** A static host of `dist` under a sub-path, as GitHub Pages is one: no header but the type, a 404 for what is not there. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticHost {
  /** Of the page, with the sub-path and a slash at its end. */
  url: string;
  /** Paths that were asked for, from the server's root. */
  asked: string[];
  /** Sends other text in place of a file's, as a new deployment would. */
  replace(file: string, edit: (text: string) => string): void;
  close(): Promise<void>;
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, 'localhost', () => resolve()));
  return server;
}

function addressOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://localhost:${address.port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function hostUnder(subPath: string, folder = 'dist'): Promise<StaticHost> {
  const asked: string[] = [];
  const edits = new Map<string, (text: string) => string>();
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(pathname);
    const send = async (): Promise<void> => {
      if (!pathname.startsWith(subPath)) throw new Error('outside');
      const name = normalize(decodeURIComponent(pathname.slice(subPath.length)) || 'index.html');
      const content = await readFile(join(folder, name));
      const edit = edits.get(name);
      const body = edit === undefined ? content : Buffer.from(edit(content.toString('utf8')));
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(body);
    };
    send().catch(() => response.writeHead(404).end());
  });
  return {
    url: `${addressOf(server)}${subPath}`,
    asked,
    replace: (file, edit) => edits.set(file, edit),
    close: () => close(server),
  };
}

/** Another origin that lets everybody read what it sends: only a policy of the page can keep the page from it. */
export async function openElsewhere(): Promise<Omit<StaticHost, 'replace'>> {
  const asked: string[] = [];
  const server = await listen((request, response) => {
    asked.push(request.url ?? '');
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' })
      .end('export {};');
  });
  return { url: `${addressOf(server)}/`, asked, close: () => close(server) };
}
