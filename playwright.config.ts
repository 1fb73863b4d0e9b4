import { defineConfig } from '@playwright/test';

const port = Number(process.env.CUTPOINT_E2E_PORT ?? 4173);
const executablePath = process.env.CHROME_PATH;
const jsonFile = process.env.CUTPOINT_E2E_JSON;
const vite = 'node node_modules/vite/bin/vite.js';

/** WebGPU without a display on the SwiftShader in the browser, so that every machine computes the same; no calls home. */
const args = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  forbidOnly: true,
  workers: 1,
  // Two slow cores compute the page, its shaders and the training at once.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ...(jsonFile === undefined ? [] : [['json', { outputFile: jsonFile }] as const])],
  use: {
    baseURL: `http://localhost:${String(port)}/`,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: { args, ...(executablePath === undefined ? {} : { executablePath }) },
  },
  webServer: {
    command: `${vite} build --logLevel warn && ${vite} preview --port ${String(port)} --strictPort`,
    url: `http://localhost:${String(port)}/`,
    timeout: 180_000,
    reuseExistingServer: false,
  },
});
