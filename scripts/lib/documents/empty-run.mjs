// node empty-run.mjs BUNDLE OUT: runs the bundled `experiment` for one update, in a second, on a machine with or without a
// GPU: Dawn's null backend takes every command and computes nothing. All numbers of such a run are empty, but its files have
// the keys that every run writes, put together by the engine itself.
import { pathToFileURL } from 'node:url';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
// src/node/node-gpu.ts takes the instance that is there.
globalThis.cutpointNodeGpu = create(['backend=null']);

// Copies are commands too, so what is read back is memory that nobody wrote: zeros instead.
const device = await (await globalThis.cutpointNodeGpu.requestAdapter()).requestDevice();
const buffers = Object.getPrototypeOf(device.createBuffer({ size: 4, usage: globalThis.GPUBufferUsage.COPY_DST }));
const { getMappedRange } = buffers;
buffers.getMappedRange = function (...range) {
  const bytes = getMappedRange.apply(this, range);
  new Uint8Array(bytes).fill(0);
  return bytes;
};

/** Small, with everything that is measured only where it is asked for; the atlas has real facts. */
const SETTINGS = [
  'size=tiny',
  'prompts=1',
  'groupSize=2',
  'poolSize=1',
  'maxHops=1',
  'warmStartBatches=0',
  'evalQuestions=8',
  'evalTemperatures=five',
  'marginFrom=pool',
  'theoryEvery=2',
  'theoryQuestions=4',
  'theoryReplicates=2',
];
const [bundle, out] = process.argv.slice(2);
const flags = ['--world', 'atlas', '--init', 'warm', '--updates', '1', '--out', out];
process.argv.splice(2, Infinity, ...flags, ...SETTINGS.flatMap((setting) => ['--set', setting]));
await import(pathToFileURL(bundle).href);
