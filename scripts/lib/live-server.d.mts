import type { RequestListener } from 'node:http';
import type { Plugin } from 'vite';

export interface LiveServers {
  model: string;
  modelName: string | null;
  retriever: string | null;
  judge: string | null;
}

export const TOKEN_HEADER: string;
export function liveHandler(
  servers: LiveServers,
  token: string,
): (...args: [...Parameters<RequestListener>, next: () => void]) => void;
export function livePlugin(servers: string): Plugin;
