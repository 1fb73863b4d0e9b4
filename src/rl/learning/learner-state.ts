import type { Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { OptimizerState } from '../../models/optimizer';

/** Weights with their optimiser. */
export interface NetworkState {
  optimizerStep: number;
  params: Float32Array<ArrayBuffer>;
  m: Float32Array<ArrayBuffer>;
  v: Float32Array<ArrayBuffer>;
}

/** Everything that a run's future depends on, besides its configuration and worlds. */
export interface LearnerState extends NetworkState {
  update: number;
  /** Frozen base policy. */
  base: Float32Array<ArrayBuffer>;
  /** Of a refiner of its own; null where the actor's weights review. */
  refiner: NetworkState | null;
}

/** A run's first state: the policy, the frozen base and a refiner of its own have the same weights. */
export function firstState(params: Float32Array<ArrayBuffer>): LearnerState {
  const zeros = new Float32Array(params.length);
  return { update: 0, optimizerStep: 0, params, base: params, m: zeros, v: zeros, refiner: null };
}

/** Replaces an arena. What was recorded with the old one must have been submitted. */
export function writeArena(device: GPUDevice, slice: Slice, data: Float32Array<ArrayBuffer>): void {
  device.queue.writeBuffer(slice.buffer, slice.offset, data);
}

export function writeNetwork(device: GPUDevice, network: OptimizerState, state: NetworkState): void {
  network.step = state.optimizerStep;
  for (const name of ['params', 'm', 'v'] as const) writeArena(device, network[name], state[name]);
}

export async function readNetwork(readback: Readback, network: OptimizerState): Promise<NetworkState> {
  const read = (slice: Slice) => readback.readF32(slice, network.table.size);
  return {
    optimizerStep: network.step,
    params: await read(network.params),
    m: await read(network.m),
    v: await read(network.v),
  };
}
