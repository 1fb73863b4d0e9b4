/** A device that is lost in the middle of a run, and numbers that are none, on the command line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gpu } from '../../gpu/device';
import { runCommand } from '../run-command';

/** Asked with every submit: whether the device is lost now. */
const given = vi.hoisted(() => ({ isLost: (): boolean => false, devices: 0 }));

vi.mock('../../gpu/device', async (original) => {
  const actual = await original<{ openGpu: (...args: unknown[]) => Promise<Gpu> }>();
  return {
    ...actual,
    openGpu: async (...args: unknown[]) => {
      const gpu = await actual.openGpu(...args);
      given.devices += 1;
      const { queue } = gpu.device;
      const submit = queue.submit.bind(queue);
      vi.spyOn(queue, 'submit').mockImplementation((buffers) => {
        submit(buffers);
        if (given.isLost()) gpu.device.destroy();
      });
      return gpu;
    },
  };
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lost-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS = 'size=tiny prompts=1 groupSize=2 warmStartBatches=3 warmStartBatchSize=8 evalQuestions=8 evalEvery=0';
const at = (...path: string[]) => join(folder, ...path);
const linesOf = (run: string) =>
  existsSync(at(run, 'metrics.jsonl')) ? readFileSync(at(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n') : [];
const command = (run: string, set = '') =>
  runCommand('experiment', [
    ...`${SETTINGS}${set}`.split(' ').flatMap((setting) => ['--set', setting]),
    ...`--init warm --updates 3 --out ${at(run)}`.split(' '),
  ]);

describe('a device that is lost', () => {
  it('is replaced once by the run itself, which makes the very same updates; then it ends with a folder that goes on', async () => {
    expect((await command('straight')).code).toBe(0);
    const straight = linesOf('straight');

    let losses = 0;
    given.isLost = () => linesOf('once').length === 1 && losses++ === 0;
    given.devices = 0;
    const once = await command('once');
    expect(once.text).toMatch(
      /graphics device was lost \(.*\)\. .*once is kept as of its last checkpoint\. Going on by itself/,
    );
    expect(once.code).toBe(0);
    expect(given.devices).toBe(2);
    expect(linesOf('once')).toEqual(straight);

    given.isLost = () => linesOf('twice').length === 1;
    given.devices = 0;
    const twice = await command('twice');
    expect(twice.code).toBe(1);
    expect(given.devices).toBe(2);
    expect(twice.text).toContain(
      `twice is kept as of its last checkpoint. Continue with: npm run experiment -- --resume ${at('twice')} --updates 3`,
    );
    given.isLost = () => false;
    const rest = await runCommand('experiment', ['--resume', at('twice'), '--updates', '3']);
    expect(rest.code).toBe(0);
    expect(linesOf('twice')).toEqual(straight);
  });
});

describe('numbers that are none', () => {
  it('end the command with update, kernel and what is kept, and no such number is written down', async () => {
    const { code, text } = await command(
      'wild',
      ' learningRate=0.1 maxGradNorm=1000 klBeta=1 beta2=0 epochs=4 entropyBonus=0.01',
    );
    expect(code).toBe(1);
    expect(text).toMatch(
      /Update \d+ gave numbers that are not finite \(.*\); the first was written by kernel "\w+" to "/,
    );
    expect(text).toMatch(
      /is kept as of its last checkpoint\. .*--init .*checkpoint\.safetensors\. .*Learning rate \(0\.1/,
    );
    for (const line of linesOf('wild')) expect(line).not.toContain('null,"gradNorm');
    // What is kept can be used.
    const from = await runCommand('experiment', [
      ...SETTINGS.split(' ').flatMap((setting) => ['--set', setting]),
      ...`--init ${at('wild', 'checkpoint.safetensors')} --updates 1 --out ${at('calm')}`.split(' '),
    ]);
    expect(from.code).toBe(0);
  });
});
