/** The doctor in a worker of the page. */
import { examine, type DoctorHost } from '../doctor/examine';
import { isHealthy } from '../doctor/report';
import { reportText } from '../doctor/report-text';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import type { Command, TrainerEvent } from './protocol/protocol';
import { loadWeights } from './run/initial-weights';

type FetchBytes = (path: string) => Promise<ArrayBuffer | null>;

/** Never rejects. */
export async function examinePage(
  { webGpuInPage, run }: Extract<Command, { type: 'examine' }>,
  fetchBytes: FetchBytes,
  tell: (event: TrainerEvent) => void,
): Promise<void> {
  const { userAgent, hardwareConcurrency: cores } = navigator;
  const host: DoctorHost = {
    place: { kind: 'page', agent: userAgent, system: '', cores, forced: [], run },
    gpu: () => findGpu(navigator.gpu, self.isSecureContext, webGpuInPage),
    includes: wgslIncludes,
    async loadBase(learner) {
      const { state } = await loadWeights(learner, { kind: 'shipped' }, fetchBytes);
      if (state === null) throw new UserError('the weights that ship with the page are not there');
      learner.restore(state);
    },
  };
  const report = await examine(host, (soFar) => tell({ type: 'examining', text: reportText(soFar) }));
  tell({ type: 'examined', text: reportText(report), healthy: isHealthy(report) });
}

/** @throws UserError saying why a worker has no way to adapters */
export function findGpu(gpu: GPU | undefined, secure: boolean, inPage: boolean): Promise<GPU> {
  if (gpu !== undefined) return Promise.resolve(gpu);
  const reason = !secure
    ? 'This page is not secure, and browsers offer WebGPU to secure pages only.'
    : inPage
      ? 'This browser has WebGPU in pages, but not in workers, where the engine runs.'
      : 'This browser has no WebGPU (navigator.gpu is undefined, in the page and in workers).';
  const hint = secure
    ? 'What this browser needs stands at the top of the page.'
    : 'Open the page over https:// or from http://localhost.';
  return Promise.reject(new UserError(reason, hint));
}
