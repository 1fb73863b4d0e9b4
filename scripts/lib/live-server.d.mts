import type { Plugin } from 'vite';

export function livePlugin(servers: string): Plugin;
