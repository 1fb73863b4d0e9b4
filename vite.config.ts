import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig(({ command }) => ({
  plugins: [react(), contentSecurityPolicy(command === 'serve')],
  // Relative addresses, so that dist/ works from any sub-path of a static host.
  base: './',
  worker: { format: 'es' },
  // The bench has a page of its own, whose packages are not there.
  optimizeDeps: { entries: ['index.html'] },
  server: { host: 'localhost' },
  preview: { host: 'localhost' },
  build: { target: 'es2023', sourcemap: true },
}));
