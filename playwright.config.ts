import { defineConfig } from '@playwright/test';

const port = Number(process.env.CUTPOINT_E2E_PORT ?? 4173);
const executablePath = process.env.CHROME_PATH;
const jsonFile = process.env.CUTPOINT_E2E_JSON;
const vite = 'node node_modules/vite/bin/vite.js';

/** A browser that makes no calls home. */
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
const WITHOUT_WEBGPU = ['--disable-gpu', '--disable-features=WebGPU'];
/** Without a display, on the SwiftShader in the browser, so that every machine computes the same. */
const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** How a browser is started with WebGPU or without. */
const launch = (webGpu: readonly string[]) => ({
  launchOptions: { args: [...QUIET, ...webGpu], ...(executablePath === undefined ? {} : { executablePath }) },
});

export default defineConfig({
  forbidOnly: true,
  workers: 1,
  reporter: [['list'], ...(jsonFile === undefined ? [] : [['json', { outputFile: jsonFile }] as const])],
  use: {
    baseURL: `http://localhost:${String(port)}/`,
    viewport: { width: 1440, height: 900 },
    // Its snapshots of the document can be looked at; pictures besides would be drawn by the cores that train.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  projects: [
    {
      name: 'recorded',
      testDir: 'e2e/recorded',
      timeout: 90_000,
      expect: { timeout: 20_000 },
      use: launch(WITHOUT_WEBGPU),
    },
    {
      name: 'engine',
      testDir: 'e2e/engine',
      // Two slow cores compute the page, its shaders and the training at once.
      timeout: 300_000,
      expect: { timeout: 60_000 },
      use: launch(SWIFTSHADER),
    },
  ],
  webServer: {
    command: `${vite} build --logLevel warn && ${vite} preview --port ${String(port)} --strictPort`,
    url: `http://localhost:${String(port)}/`,
    timeout: 180_000,
    reuseExistingServer: false,
  },
});
