/** The whole bench, the same in Node and in a browser. */
import { openGpu, type AdapterInfo } from '../../src/gpu/device';
import { wgslIncludes } from '../../src/kernels/includes';
import { compareDecode, compareMatmul, compareTrain, type Bench } from './compare';
import type { Contender } from './contender';
import { GpuCounter } from './count';
import { openEngine } from './engines';
import { measureGrowth } from './growth';
import { measureGrpo } from './grpo';
import type { Host } from './host';
import type { BenchOptions, EngineName } from './options';
import { growthTable, grpoTable, heading, refinersTable, rooflineTable, workTable, worldsTable } from './report';
import type { EngineFailure, Report, WorkResult } from './results';
import { measureRefiners } from './refiners';
import { measureRoofline, profiledWorks } from './roofline/roofline';
import { decodeItems, matmulItems, trainItems } from './works';
import { measureWorlds, QUICK_WORLD_SWEEP, WORLD_SWEEP } from './worlds';

/** A lap lasts at least this long, so that clocks, which count CPU time in steps of 10 ms in places, are fine enough. */
const LEAST_MS = 500;
const QUICK_LEAST_MS = 100;

/**
 * Runs what the options ask for and says tables as they come.
 *
 * @returns the report, and whether every engine ran and computed what ours did
 */
export async function runBench(options: BenchOptions, host: Host): Promise<{ report: Report; fine: boolean }> {
  const counter = new GpuCounter();
  const draw = options.draw ?? Math.floor(Math.random() * 2 ** 32);
  const adapter = await adapterOf();
  const engines = new Map<EngineName, Contender>();
  const missing: EngineFailure[] = [];
  const compared = options.works.some((work) => work === 'matmul' || work === 'train' || work === 'decode');
  for (const engine of options.engines) {
    if (!compared && engine !== 'cutpoint') continue;
    counter.turn(engine);
    try {
      engines.set(engine, await openEngine(engine));
    } catch (error) {
      if (engine === 'cutpoint') throw error;
      missing.push({ engine, error: error instanceof Error ? error.message : String(error) });
    }
  }
  const versions = Object.fromEntries([...engines].map(([name, { version }]) => [name, version]));
  const report: Report = {
    format: 'cutpoint-bench/1',
    date: new Date().toISOString(),
    runtime: host.runtime,
    dawn: host.dawn,
    cores: host.cores,
    adapter,
    versions,
    missing,
    draw,
    quick: options.quick,
    ratio: adapter.software ? 'norm' : 'wall',
    works: [],
    grpo: null,
    refiners: null,
    growth: [],
    worlds: [],
    roofline: null,
  };
  host.say(`${heading(report)}\n`);
  const { quick, rounds } = options;
  const bench: Bench = { host, counter, engines, rounds, leastMs: quick ? QUICK_LEAST_MS : LEAST_MS };
  const add = async (result: Promise<WorkResult>) => {
    report.works.push(await result);
    host.say(`${workTable(await result, report)}\n`);
  };
  const wants = (work: (typeof options.works)[number]) => options.works.includes(work);
  if (wants('matmul')) for (const item of matmulItems(draw, quick)) await add(compareMatmul(bench, item));
  if (wants('train')) for (const item of trainItems(draw)) await add(compareTrain(bench, item));
  if (wants('decode')) for (const item of decodeItems(draw, quick)) await add(compareDecode(bench, item));
  if (wants('grpo')) {
    report.grpo = await measureGrpo(bench, quick);
    host.say(`${grpoTable(report.grpo)}\n`);
  }
  if (wants('refiners')) {
    report.refiners = await measureRefiners(bench);
    host.say(`${refinersTable(report.refiners)}\n`);
  }
  if (wants('growth')) {
    report.growth = await measureGrowth(bench, quick);
    host.say(`${growthTable(report.growth)}\n`);
  }
  if (wants('growth') || wants('worlds')) {
    report.worlds = await measureWorlds(bench, quick ? QUICK_WORLD_SWEEP : WORLD_SWEEP);
    host.say(`${worldsTable(report.worlds)}\n`);
  }
  if (wants('roofline')) {
    report.roofline = await measureRoofline(bench, profiledWorks(draw));
    host.say(`${rooflineTable(report.roofline)}\n`);
  }
  for (const engine of engines.values()) engine.dispose();
  return { report, fine: missing.length === 0 && report.works.every(isFine) };
}

function isFine({ engines, failures }: WorkResult): boolean {
  return failures.length === 0 && engines.every(({ equality }) => equality === null || equality.equal);
}

async function adapterOf(): Promise<AdapterInfo> {
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  gpu.close();
  return gpu.adapter;
}
