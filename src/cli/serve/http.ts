/** Plain node:http: who may ask, bodies of bounded size, answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { ApiError, badRequest } from './api-error';

const MOST_BYTES = 8 * 2 ** 20;

/**
 * Whether a request comes from a program, or from a page of this very server: a foreign page may not use it, by its own name or by
 * a name that it had pointed here.
 *
 * @param host what the server was told to listen on
 */
export function mayAsk({ headers }: Pick<IncomingMessage, 'headers'>, host: string): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  const { origin } = headers;
  return (
    isOwnName(headers.host ?? '', host) &&
    (site === 'none' || site === 'same-origin') &&
    (origin === undefined || origin.replace(/^https?:\/\//, '') === headers.host)
  );
}

/** An address cannot be pointed elsewhere; a name can, so only known ones count. */
function isOwnName(header: string, host: string): boolean {
  const name = header.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === host || isIP(name) !== 0;
}

/** @throws ApiError for a body that is too large or no JSON object */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new ApiError(413, `The body is larger than ${MOST_BYTES} bytes.`);
    parts.push(part);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value));
  } catch {
    // As any other body that is none.
  }
  throw badRequest('The body must be a JSON object.');
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    .end(text);
}

/** Server-sent events, the last of which is `[DONE]`. */
export class EventStream {
  private begun = false;

  constructor(private readonly response: ServerResponse) {}

  send(body: object): void {
    if (!this.begun) {
      this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      this.begun = true;
    }
    this.response.write(`data: ${JSON.stringify(body)}\n\n`);
  }

  end(): void {
    this.response.end('data: [DONE]\n\n');
  }
}
