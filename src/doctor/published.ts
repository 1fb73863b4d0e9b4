/** Figures of the doctor's small run, as docs/performance.md has them: what a speed is to be read against. */
export interface PublishedSpeed {
  where: string;
  /** null where it was not measured. */
  rolloutMs: number | null;
  updateMs: number;
}

export const PUBLISHED: readonly PublishedSpeed[] = [
  { where: 'NVIDIA H200, Chromium 156', rolloutMs: null, updateMs: 29 },
  { where: 'llvmpipe (Mesa 25.0.7) on two cores, Node 20', rolloutMs: 135, updateMs: 189 },
  { where: 'SwiftShader on two cores, Chromium 156', rolloutMs: 232, updateMs: 488 },
];
