import { readFile } from 'node:fs/promises';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type PluginOption } from 'vite';
import type * as Pwa from 'vite-plugin-pwa';
import { followPlugin } from './scripts/lib/follow-server.mjs';
import { livePlugin } from './scripts/lib/live-server.mjs';

/**
 * What the page and, as they start from blobs, its workers may do: run and fetch what lies beside the page. No eval, no code
 * or style in the document, nobody else's server, not even to send a form to. Vite's development server writes styles and a
 * script into the document and talks over a socket.
 */
function contentSecurityPolicy(development: boolean): Plugin {
  const own = development ? "'self' 'unsafe-inline'" : "'self'";
  const policy = [
    "default-src 'none'",
    `script-src ${own}`,
    `style-src ${own}`,
    "img-src 'self' data: blob:",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const attrs = { 'http-equiv': 'Content-Security-Policy', content: policy };
  return {
    name: 'content-security-policy',
    // Before everything that it should hold for.
    transformIndexHtml: () => [{ tag: 'meta', attrs, injectTo: 'head-prepend' }],
  };
}

/** Shaders travel without their comments: half of their bytes. Lines stay where they are, as messages of the compiler name them. */
function shadersWithoutComments(): Plugin {
  const suffix = '.wgsl?raw';
  return {
    name: 'shaders-without-comments',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const text = await readFile(id.slice(0, -'?raw'.length), 'utf8');
      // What expand-wgsl.ts reads are comments too.
      return `export default ${JSON.stringify(text.replace(/[ \t]*\/\/(?! @(if|else|end|include|unroll)\b).*$/gm, ''))}`;
    },
  };
}

/** Of the glossary the page carries the entries that its signs ask for. */
function glossaryOfThePage(): Plugin {
  const suffix = 'docs/glossary.md?raw';
  return {
    name: 'glossary-of-the-page',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const [, ...entries] = (await readFile(id.slice(0, -'?raw'.length), 'utf8')).split(/^(?=### )/m);
      // Read, not imported: Vite warns of a configuration that imports TypeScript.
      const signs = await readFile(new URL('src/ui/terms/term-ids.ts', import.meta.url), 'utf8');
      const anchor = (entry: string) => /^### (.+)$/m.exec(entry)?.[1]?.toLowerCase().replaceAll(' ', '-');
      const asked = entries.filter((entry) => signs.includes(`'${anchor(entry)}'`));
      return `export default ${JSON.stringify(asked.join(''))}`;
    },
  };
}

/**
 * The service worker `sw.js`, which keeps the whole page for use offline, and the manifest that makes it installable. It never
 * takes over by itself: src/store/new-version.ts asks. Only a build needs the package.
 */
async function offline(): Promise<PluginOption> {
  // Not named in the import itself: Vite bundles this file at every start, without the package, and would warn of it.
  const name = 'vite-plugin-pwa';
  const found: unknown = await import(name);
  if (!isPwa(found)) throw new Error(`${name} is not the package that this build knows.`);
  return found.VitePWA({
    registerType: 'prompt',
    injectRegister: false,
    manifest: {
      id: './',
      name: 'Cutpoint',
      short_name: 'Cutpoint',
      description: 'Watch an Actor and a Refiner learn multi-hop search, live in the browser.',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#111315',
      theme_color: '#111315',
      icons: [
        { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: 'icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    workbox: {
      globPatterns: ['**/*'],
      globIgnores: ['**/*.map', '.vite/**'],
      maximumFileSizeToCacheInBytes: 32 * 2 ** 20,
      cleanupOutdatedCaches: true,
      inlineWorkboxRuntime: true,
      sourcemap: false,
    },
  });
}

function isPwa(found: unknown): found is typeof Pwa {
  return typeof found === 'object' && found !== null && 'VitePWA' in found;
}

/**
 * All that the entry imports at once in one chunk. By themselves modules that a lazy view needs too go into chunks of their
 * own: two dozen of a kilobyte each, and a request for every one before anything is drawn.
 */
function onePageChunk(): Plugin {
  const ofPage = new Set<string>();
  const name = (id: string): string | null => (ofPage.has(id) ? 'page' : null);
  return {
    name: 'one-page-chunk',
    apply: 'build',
    config: () => ({
      build: { rolldownOptions: { output: { codeSplitting: { groups: [{ name, debugName: 'page' }] } } } },
    }),
    buildEnd() {
      const open = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry === true);
      for (const id of open) {
        if (ofPage.has(id)) continue;
        ofPage.add(id);
        open.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    },
  };
}

/** Set by `npm start -- --follow DIR` and `npm start -- --model URL`. */
const { CUTPOINT_FOLLOW, CUTPOINT_LIVE } = process.env;

export default defineConfig(async ({ command }) => ({
  plugins: [
    react(),
    shadersWithoutComments(),
    glossaryOfThePage(),
    onePageChunk(),
    contentSecurityPolicy(command === 'serve'),
    ...(command === 'build' ? [await offline()] : []),
    ...(CUTPOINT_FOLLOW === undefined ? [] : [followPlugin(CUTPOINT_FOLLOW)]),
    ...(CUTPOINT_LIVE === undefined ? [] : [livePlugin(CUTPOINT_LIVE)]),
  ],
  // Relative addresses, so that dist/ works from any sub-path of a static host.
  base: './',
  worker: { format: 'es' as const, plugins: () => [shadersWithoutComments()] },
  // The bench has a page of its own, whose packages are not there.
  optimizeDeps: { entries: ['index.html'] },
  // Not what lies above, though a workspace may begin there.
  server: { host: 'localhost', fs: { strict: true, allow: [import.meta.dirname] } },
  preview: { host: 'localhost' },
  build: { target: 'es2023', sourcemap: true },
}));
