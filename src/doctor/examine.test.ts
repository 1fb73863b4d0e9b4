import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { openNodeGpu } from '../node/node-gpu';
import { kernelCases } from '../selftest/kernel-cases';
import { openTestGpu, shippedBase, smallLearner } from '../testing/engine/warm-learner';
import { expectSchema } from '../testing/schemas/expect-schema';
import { examine, type DoctorHost } from './examine';
import { failedKernels, isHealthy, reportData, type DoctorReport } from './report';
import { reportText } from './report-text';

const HOST: DoctorHost = {
  place: { kind: 'node', agent: 'vitest', system: 'here', cores: 2, forced: [], run: '' },
  gpu: openNodeGpu,
  includes: wgslIncludes,
  loadBase(learner) {
    learner.startFrom(shippedBase(learner));
    return Promise.resolve();
  },
};

/** A browser with this adapter, or without one. */
function offering(adapter: GPUAdapter | null): DoctorHost {
  return { ...HOST, gpu: () => Promise.resolve({ ...EMPTY_GPU, requestAdapter: () => Promise.resolve(adapter) }) };
}
const EMPTY_GPU = {
  __brand: 'GPU',
  wgslLanguageFeatures: new Set<string>(),
  getPreferredCanvasFormat: (): GPUTextureFormat => 'rgba8unorm',
} as const;

describe('a whole examination', () => {
  let gpu: Gpu;
  let report: DoctorReport;
  const told: DoctorReport[] = [];
  const updates: object[] = [];

  // Once for all: beside a run that is in the middle of its updates.
  beforeAll(async () => {
    gpu = await openTestGpu();
    const learner = smallLearner(gpu);
    learner.startFrom(shippedBase(learner));
    updates.push(await (await learner.update()).metrics);
    const examination = examine(HOST, (soFar) => told.push(soFar));
    updates.push(await (await learner.update()).metrics);
    report = await examination;
    updates.push(await (await learner.update()).metrics);
  });
  afterAll(() => gpu.close());

  it('passes every kernel', () => {
    expect(failedKernels(report)).toEqual([]);
    const kernels = kernelCases().flatMap(({ answers }) => answers.flatMap((answer) => answer.kernels));
    const { selfTest } = report;
    expect(selfTest?.verdicts.map(({ kernel }) => kernel).sort()).toEqual(
      [...new Set(kernels.map(({ name }) => name))].sort(),
    );
    expect(selfTest?.done).toBe(selfTest?.launches);
    expect(isHealthy(report)).toBe(true);
  });

  it('says what the adapter has and what of it is used', () => {
    const { adapter, usedFeatures, variants, speed } = report;
    expect(adapter).toMatchObject({ description: gpu.adapter.description, software: gpu.adapter.software });
    expect(adapter?.limits).toContainEqual(
      expect.objectContaining({ name: 'maxStorageBuffersPerShaderStage', needed: 8, enough: true }),
    );
    expect([...usedFeatures].sort()).toEqual([...gpu.device.features].filter((name) => !/^core/.test(name)).sort());
    expect(variants).toMatchObject({ cooperative: !gpu.adapter.software, tried: true });
    expect(speed?.rolloutMs).toBeGreaterThan(0);
    expect(speed?.updateMs).toBeGreaterThan(0);
    // A part of a submit, and neither of nothing.
    const { dispatchMs = 0, submitMs = 0 } = speed?.longest ?? {};
    expect(dispatchMs).toBeGreaterThan(0);
    expect(submitMs).toBeGreaterThan(dispatchMs);
  });

  it('tells what it is doing while it goes on', () => {
    const steps = told.map(({ under }) => under.replace(/^testing .*/, 'testing'));
    expect([...new Set(steps)]).toEqual([
      'asking for an adapter',
      'opening a device',
      'choosing the variants of kernels',
      'testing',
      'fetching weights',
      'compiling a small run',
      'timing rollouts and updates',
      '',
    ]);
    expect(told.at(-1)).toEqual(report);
    expect(told.slice(0, -1).some(isHealthy)).toBe(false);
    expect(reportText(told[5] ?? report)).toMatch(/^Cutpoint doctor: at work, /);
  });

  it('is text that can be read, and data that can be kept', () => {
    const text = reportText(report);
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('Cutpoint doctor: all is well');
    expect(lines.length).toBeLessThanOrEqual(62);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    for (const { kernel } of report.selfTest?.verdicts ?? []) expect(text).toContain(`${kernel} `);
    expect(text).not.toMatch(/FAIL|undefined|NaN|null/);
    const data: unknown = JSON.parse(JSON.stringify(reportData(report)));
    expect(data).toEqual({ ...report, healthy: true });
    expectSchema('doctor', [data]);
  });

  it('shows a kernel that is wrong', () => {
    const { selfTest } = report;
    const problem = 'y [3] is 1 and should be 2 (33 rows)';
    const verdicts = selfTest?.verdicts.map((verdict) =>
      verdict.kernel === 'rope' ? { ...verdict, passed: false, problem } : verdict,
    );
    const wrong = { ...report, selfTest: selfTest && { ...selfTest, verdicts: verdicts ?? [] } };
    expect(isHealthy(wrong)).toBe(false);
    const text = reportText(wrong);
    expect(text).toMatch(/^Cutpoint doctor: 1 of \d+ KERNELS FAILED\n/);
    expect(text).toMatch(/rope +FAIL/);
    expect(text).toContain(`rope: ${problem}`);
  });

  it('leaves a run on another device as it was, bit for bit', async () => {
    const learner = smallLearner(gpu);
    learner.startFrom(shippedBase(learner));
    for (const metrics of updates) expect(await (await learner.update()).metrics).toEqual(metrics);
  });
});

describe('an examination that comes to no device', () => {
  it.each([
    {
      name: 'no WebGPU',
      host: { ...HOST, gpu: () => Promise.reject(new UserError('This browser has no WebGPU.', 'Use another.')) },
      missing: 'This browser has no WebGPU. Use another.',
    },
    {
      name: 'no adapter',
      host: offering(null),
      missing:
        'it offers no adapter: no GPU driver (Vulkan, Metal, D3D12) was found. Other kinds: a fallback adapter: none',
    },
  ])('says what is missing: $name', async ({ host, missing }) => {
    const report = await examine(host);
    expect(isHealthy(report)).toBe(false);
    expect(report).toMatchObject({ adapter: null, selfTest: null, under: '' });
    const text = reportText(report);
    expect(text).toMatch(/^Cutpoint doctor: NO DEVICE\n/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(missing);
    expect(text).toContain('Speed: not measured');
  });

  it('shows an adapter that refuses a device', async () => {
    const adapter = await (await openNodeGpu()).requestAdapter();
    if (adapter === null) throw new Error('no adapter');
    vi.spyOn(adapter, 'requestDevice').mockRejectedValue(new Error('out of memory'));
    const report = await examine(offering(adapter));
    expect(report.missing?.message).toBe('The graphics adapter refused a device: out of memory');
    expect(report.adapter?.description).toBe(adapter.info.description);
    expect(reportText(report)).toContain('maxBufferSize');
  });
});

describe('an examination that breaks', () => {
  it('says where the device is lost', async () => {
    const adapter = await (await openNodeGpu()).requestAdapter();
    if (adapter === null) throw new Error('no adapter');
    let device: GPUDevice | undefined;
    const request = adapter.requestDevice.bind(adapter);
    vi.spyOn(adapter, 'requestDevice').mockImplementation(async (options) => (device = await request(options)));
    let told = 0;
    const report = await examine(offering(adapter), ({ under }) => {
      told += 1;
      if (under.startsWith('testing linear, 33')) device?.destroy();
    });
    const before = told;
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Nothing goes on behind the report.
    expect(told).toBe(before);
    expect(isHealthy(report)).toBe(false);
    expect(report.problems[0]).toMatch(/^The graphics device was lost: /);
    expect(reportText(report)).toMatch(/^Cutpoint doctor: .*PROBLEMS: 1\n/);
    expect(reportText(report)).toMatch(/STOPPED after 1 of \d+ launches/);
  });

  it('goes without weights', async () => {
    const text = reportText({
      ...(await examine(offering(null))),
      missing: null,
      selfTest: { verdicts: [], compileMs: 0, runMs: 0, done: 0, launches: 0 },
      speedMissing: 'the weights are not there',
    });
    expect(text).toContain('Speed: not measured (the weights are not there)');
  });
});
