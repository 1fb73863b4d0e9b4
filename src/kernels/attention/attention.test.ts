import { describe, expect, it } from 'vitest';
import { SIZES, kernelTests, useBench } from '../../testing/kernels/kernel-harness';
import { compareNumbers } from '../../selftest/bench/bounds';
import { withVariants } from '../../selftest/bench/kernel-case';
import { launchAttention } from '../../selftest/launch/launch-attention';
import { attentionArgs, attentionCase, weightsCase } from '../../selftest/cases/attention';
import {
  attentionBackwardKeyValueCooperativeKernel,
  attentionBackwardKeyValueKernel,
  attentionBackwardQueryCooperativeKernel,
  attentionBackwardQueryKernel,
  attentionDecodeCooperativeKernel,
  attentionDecodeKernel,
  attentionForwardCooperativeKernel,
  attentionForwardKernel,
  attentionWeightsKernel,
} from './attention';

kernelTests(
  'attention',
  [
    ...[attentionForwardKernel, attentionBackwardQueryKernel, attentionBackwardKeyValueKernel, attentionDecodeKernel],
    ...[attentionForwardCooperativeKernel, attentionBackwardQueryCooperativeKernel],
    ...[attentionBackwardKeyValueCooperativeKernel, attentionDecodeCooperativeKernel],
  ],
  [
    ...SIZES.map((keys) => attentionCase({ keys, headDim: 4 })),
    attentionCase({ batch: 3, heads: 4, kvHeads: 2, keys: 33, headDim: 4 }),
    attentionCase({ batch: 2, heads: 3, kvHeads: 3, keys: 9, headDim: 7 }),
    // Six quads: neighbours that share loads take more than one each, octets and quartets alike.
    attentionCase({ batch: 2, heads: 4, kvHeads: 2, keys: 37, headDim: 24 }),
    attentionCase({ keys: 9, headDim: 65 }),
    attentionCase({ keys: 9, headDim: 4, scale: 0 }),
    attentionCase({ keys: 9, headDim: 4, scale: 30 }),
    ...SIZES.filter((keys) => keys > 1).map((keys) => attentionCase({ batch: 2, queries: 1, keys, headDim: 4 })),
    attentionCase({ batch: 9, heads: 5, kvHeads: 5, queries: 2, keys: 7, headDim: 4 }),
    attentionCase({ queries: 3, keys: 9, headDim: 7 }),
  ],
);

kernelTests(
  'attention',
  [attentionWeightsKernel],
  [
    ...SIZES.map((keys) => weightsCase({ keys, headDim: 4 }, keys - 1)),
    weightsCase({ keys: 65, headDim: 4 }, 0),
    weightsCase({ batch: 3, heads: 4, kvHeads: 2, keys: 33, headDim: 4 }, 32),
    weightsCase({ batch: 2, heads: 3, kvHeads: 3, keys: 9, headDim: 7 }, 5),
    weightsCase({ keys: 9, headDim: 65 }, 8),
    weightsCase({ keys: 9, headDim: 4, scale: 0 }, 8),
    weightsCase({ keys: 9, headDim: 4, scale: 30 }, 8),
  ],
);

describe('decoding', () => {
  const bench = useBench();

  // Cooperative, sums of a decoded token run in slices, and those of a whole sequence over blocks of keys.
  it.each([
    { variant: 'base', cooperative: false, apart: 0 },
    { variant: 'cooperative', cooperative: true, apart: 1e-6 },
  ])('gives the numbers of the whole sequence: $variant', async ({ cooperative, apart }) => {
    const { q, ...whole } = attentionArgs({ batch: 2, heads: 4, kvHeads: 2, keys: 65, headDim: 4 });
    const last = { queries: 1, queryOffset: 64, dout: undefined };
    const newest = q.filter((_, e) => Math.floor(e / 4) % 65 === 64);
    const launch = async (args: Parameters<typeof launchAttention>[1]) =>
      (await withVariants(bench(), { cooperative }, () => launchAttention(bench(), args))).out;
    const forward = await launch({ ...whole, q });
    const decoded = await launch({ ...whole, ...last, q: newest });
    const rows = forward.filter((_, e) => Math.floor(e / 4) % 65 === 64);
    expect(compareNumbers(decoded, rows, { rtol: 0, atol: apart })).toMatchObject({ ok: true });
  });
});
