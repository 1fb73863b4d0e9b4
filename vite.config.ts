import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Relative addresses, so that dist/ works from any sub-path of a static host.
  base: './',
  worker: { format: 'es' },
  // The bench has a page of its own, whose packages are not there.
  optimizeDeps: { entries: ['index.html'] },
  server: { host: 'localhost' },
  preview: { host: 'localhost' },
  build: { target: 'es2023', sourcemap: true },
});
