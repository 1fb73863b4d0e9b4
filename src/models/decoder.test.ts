import { expect, it, vi } from 'vitest';
import { useBench } from '../testing/kernels/kernel-harness';
import { Decoder } from './decoder';
import { initialParameters } from './initialise';
import { parameterTable } from './parameters';

const bench = useBench();
const table = parameterTable({
  ...{ vocab: 11, width: 8, layers: 2, heads: 2, kvHeads: 2, headDim: 4, ffn: 8, ropeTheta: 1e4, rmsEps: 1e-5 },
});

it('has the memory of its caches before anything is written to them: once, a layer a submit, and not when nothing is recorded', async () => {
  await bench().run((scope) => {
    const { recorder, owner } = scope;
    const decoder = new Decoder(recorder, owner, table, 3, 5);
    const params = scope.floats('parameters', initialParameters(table, 1)).slice;
    const [clear, before] = [vi.spyOn(recorder, 'clear'), recorder.counts.submits];
    recorder.collect(() => decoder.load(params));
    expect(clear).not.toHaveBeenCalled();
    decoder.load(params);
    expect(clear).toHaveBeenCalledTimes(2);
    expect(recorder.counts.submits).toBe(before + 2);
    decoder.load(params);
    expect(clear).toHaveBeenCalledTimes(2);
    return Promise.resolve();
  });
});
