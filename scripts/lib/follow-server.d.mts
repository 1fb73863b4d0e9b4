import type { Plugin } from 'vite';

export function followPlugin(folder: string): Plugin;
