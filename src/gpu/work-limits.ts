import type { KernelSpec } from './kernel';

/**
 * How much may be asked of a device at once, in milliseconds by estimate. Watchdogs kill what computes for seconds, and whatever else
 * draws with the same device stands still meanwhile: no dispatch is to take 50 ms, no submit 500, on the slowest adapters too, which
 * are two to three times slower than the estimate. By work, never by the clock, so that the same run is sent in the same parts.
 */
export interface WorkLimits {
  /** A submit is closed at the next point where the caller may be paused; a GPU should have begun while the next is recorded. */
  readonly pauseMs: number;
  /** A submit is closed before the dispatch that would exceed this. */
  readonly submitMs: number;
  /** A dispatch that exceeds this is cut into several. */
  readonly dispatchMs: number;
}

const SOFTWARE: WorkLimits = { pauseMs: 120, submitMs: 120, dispatchMs: 12 };
const GRAPHICS_CARD: WorkLimits = { pauseMs: 8, submitMs: 32, dispatchMs: 4 };

export function workLimits(software: boolean): WorkLimits {
  return software ? SOFTWARE : GRAPHICS_CARD;
}

/** Floating-point operations of a product in a millisecond: SwiftShader reaches 2 to 3e6, llvmpipe 1.5e7. */
const PACE = { software: 6e6, gpu: 5e8 };
const LAUNCH_MS = 0.03;
/** Of one section of a dispatch, since each has uniforms of its own: more than any setting asks for. */
const MOST_PARTS = 256;

export function estimateMs({ costPerOperation = 1 }: KernelSpec, work: number, software: boolean): number {
  return (work * costPerOperation) / (software ? PACE.software : PACE.gpu) + LAUNCH_MS;
}

/** Workgroups from `first` on along x, and their work. */
export interface GroupRange {
  readonly first: number;
  readonly count: number;
  readonly work: number;
}

/**
 * Which workgroups along x each part of a dispatch takes: none longer than `longestMs`, but for a single column of workgroups. Kernels
 * without `firstGroup` stay whole.
 *
 * @param sections one after the other along x: so many workgroups that share so much work
 */
export function partsOf(
  spec: KernelSpec,
  sections: readonly { groups: number; work: number }[],
  longestMs: number,
  software: boolean,
): GroupRange[] {
  const whole = sections.reduce((sum, { groups, work }) => ({ groups: sum.groups + groups, work: sum.work + work }));
  if (!('firstGroup' in spec.params) || estimateMs(spec, whole.work, software) <= longestMs) {
    return [{ first: 0, count: whole.groups, work: whole.work }];
  }
  let start = 0;
  return sections.flatMap(({ groups, work }) => {
    const fitting = Math.floor((groups * longestMs) / estimateMs(spec, work, software));
    const most = Math.max(1, fitting, Math.ceil(groups / MOST_PARTS));
    const count = Math.ceil(groups / most);
    // As even as may be.
    const size = Math.ceil(groups / count);
    const parts = Array.from({ length: Math.ceil(groups / size) }, (_, part) => {
      const count = Math.min(size, groups - part * size);
      return { first: start + part * size, count, work: (work * count) / groups };
    });
    start += groups;
    return parts;
  });
}
