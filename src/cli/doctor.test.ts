/** The command around the doctor; what it finds on an adapter is for src/doctor to test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectSchema } from '../testing/schemas/expect-schema';
import { runCommand } from './run-command';

const NO_ADAPTER = 'No Vulkan adapter was found for Node.';

describe('npm run doctor', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cutpoint-doctor-'));
    vi.doMock('../node/node-gpu', async () => {
      const { UserError } = await import('../lib/assert');
      return {
        IMPLEMENTATION: 'Node with Dawn',
        openNodeGpu: () => Promise.reject(new UserError(NO_ADAPTER, 'Install a driver.')),
      };
    });
  });
  afterEach(() => {
    vi.doUnmock('../node/node-gpu');
    rmSync(folder, { recursive: true });
  });

  it('ends with 1 where there is no adapter, with the report as text and as data', async () => {
    vi.stubEnv('CUTPOINT_ADAPTER', 'gpu');
    vi.stubEnv('VK_DRIVER_FILES', '/home/somebody/mine.json');
    const file = join(folder, 'doctor.json');
    const { code, text } = await runCommand('doctor', ['--json', file]);
    vi.unstubAllEnvs();
    expect(code).toBe(1);
    expect(text).toContain('Cutpoint doctor: NO DEVICE');
    expect(text).toContain(`Missing   ${NO_ADAPTER} Install a driver.`);
    expect(text).toContain('Forced    CUTPOINT_ADAPTER=gpu, Vulkan driver mine.json');
    expect(text).not.toContain('somebody');
    const data: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expectSchema('doctor', [data]);
    expect(data).toMatchObject({
      format: 'cutpoint-doctor/1',
      healthy: false,
      place: { kind: 'node', run: '' },
      missing: { message: NO_ADAPTER, hint: 'Install a driver.' },
      adapter: null,
      selfTest: null,
      speed: null,
    });
  });

  it.each([
    [['--jsn', 'x'], 'There is no flag --jsn.\nDid you mean --json?'],
    [['--frobnicate'], 'There is no flag --frobnicate.\nSee --help.'],
    [['--json'], '--json needs a value.'],
    [['llvmpipe'], 'Unexpected argument "llvmpipe".'],
  ])('refuses %j', async (args, message) => {
    const { code, text } = await runCommand('doctor', args);
    expect(code).toBe(2);
    expect(text).toContain(message);
  });

  it('explains itself', async () => {
    const { code, text } = await runCommand('doctor', ['--help']);
    expect(code).toBe(0);
    expect(text).toContain('Usage: npm run doctor');
  });
});
