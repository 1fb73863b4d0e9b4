/** The bench in a browser: scripts/bench.mjs opens the page, answers these functions and waits for `benchDone`. */
import { UserError } from '../../src/lib/assert';
import { runBench } from './bench';
import type { Host } from './host';
import { parseOptions } from './options';
import { growthPlot } from './plot';

declare global {
  /** What a page asks of the process that opened it. */
  function benchStart(): Promise<{ args: string[]; runtime: string; cores: number }>;
  function benchCpuSeconds(): Promise<number | null>;
  function benchSay(lines: string): Promise<void>;
  function benchNote(line: string): Promise<void>;
  function benchDone(result: { json: string; svg: string; fine: boolean } | { error: string }): Promise<void>;
}

const log = document.querySelector('#log');

async function start(): Promise<void> {
  const { args, runtime, cores } = await benchStart();
  const host: Host = {
    runtime,
    dawn: null,
    cores,
    // Another process answers.
    promptCpu: false,
    cpuSeconds: () => benchCpuSeconds(),
    async readPublic(path) {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    say(lines) {
      log?.append(`${lines}\n`);
      void benchSay(lines);
    },
    note: (line) => void benchNote(line),
  };
  const { report, fine } = await runBench(parseOptions(args), host);
  const svg = report.growth.length + report.worlds.length === 0 ? '' : growthPlot(report);
  await benchDone({ json: JSON.stringify(report, null, 1), svg, fine });
}

start().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  void benchDone({ error: error instanceof UserError ? message : (stack ?? message) });
});
