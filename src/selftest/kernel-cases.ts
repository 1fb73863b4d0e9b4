/** One launch or two of every kernel, on drawn inputs of odd sizes: what the doctor checks. */
import type { KernelSpec } from '../gpu/kernel';
import * as adamw from '../kernels/adamw/adamw';
import * as attention from '../kernels/attention/attention';
import { crossEntropyKernel } from '../kernels/cross-entropy/cross-entropy';
import { decodeTokenKernel } from '../kernels/decode-token/decode-token';
import * as embedding from '../kernels/embedding/embedding';
import * as episode from '../kernels/episode/episode';
import { reviewTextKernel, reviewThinkKernel, reviewVerdictsKernel } from '../kernels/episode/review-again';
import { grpoLossKernel } from '../kernels/grpo/grpo';
import * as linear from '../kernels/linear/linear';
import { linearBackwardKernel, matmulStridedKernel } from '../kernels/linear/linear-backward';
import { transposeWeightsKernel } from '../kernels/linear/transpose';
import { philoxKernel } from '../kernels/philox/philox';
import { uniformFromWordsKernel } from '../kernels/philox/uniform';
import { addKernel, reduceColumnsKernel, reducePartialsKernel } from '../kernels/reduce/reduce';
import { rmsnormBackwardKernel, rmsnormForwardKernel } from '../kernels/rmsnorm/rmsnorm';
import { ropeKernel } from '../kernels/rope/rope';
import { sampleCooperativeKernel, sampleKernel } from '../kernels/sampling/sampling';
import { swigluBackwardKernel } from '../kernels/swiglu/swiglu';
import type { KernelCase } from './bench/kernel-case';
import { adamwCase } from './cases/adamw';
import { attentionCase, weightsCase } from './cases/attention';
import { lossCase } from './cases/cross-entropy';
import { decodeTokenCase } from './cases/decode-token';
import { embeddingCase, scatterCase } from './cases/embedding';
import {
  compactionCase,
  episodeCase,
  readingCase,
  reviewCase,
  textCase,
  thoughtCase,
  verdictCase,
} from './cases/episode';
import { grpoCase } from './cases/grpo';
import { decodeQkvCase, linearCase, normalisedCase, normalisedSwigluCase } from './cases/linear';
import { blockCase, uniformCase } from './cases/philox';
import { addCase, columnsCase, partialsCase } from './cases/reduce';
import { normCase } from './cases/rmsnorm';
import { ropeCase } from './cases/rope';
import { samplingCase } from './cases/sampling';
import { swigluCase } from './cases/swiglu';

export interface SelfTestCase {
  /** The golden fixture whose bounds hold. */
  file: string;
  launched: KernelCase;
  /**
   * Who answers for which outputs (all of them where none is named). Of a base and a cooperative kernel it is the one that was
   * dispatched.
   */
  answers: readonly { kernels: readonly KernelSpec[]; outputs?: readonly string[] }[];
}

function cases(file: string, ...entries: readonly [KernelCase, SelfTestCase['answers']][]): SelfTestCase[] {
  return entries.map(([launched, answers]) => ({ file, launched, answers }));
}

const by = (...kernels: KernelSpec[]): SelfTestCase['answers'] => [{ kernels }];

/** Inputs are drawn now, references are computed when they are asked for. */
export function kernelCases(): SelfTestCase[] {
  const tiles = [linear.linearForwardKernel, transposeWeightsKernel];
  return [
    ...cases(
      'linear',
      [
        linearCase(131, 20, 36),
        [
          { kernels: tiles, outputs: ['y'] },
          { kernels: [linearBackwardKernel], outputs: ['dX', 'dW'] },
        ],
      ],
      [
        linearCase(33, 7, 9),
        [
          { kernels: tiles, outputs: ['y'] },
          { kernels: [matmulStridedKernel], outputs: ['dX', 'dW'] },
        ],
      ],
      [normalisedCase(70, 33, 6, 9), by(...tiles)],
      [normalisedSwigluCase(35, 33, 5, 7), by(linear.linearSwigluKernel)],
      [decodeQkvCase(40, 33, 8, 20), by(linear.decodeQkvKernel)],
    ),
    ...cases('swiglu', [
      swigluCase(33, 7),
      [
        { kernels: [linear.linearSwigluKernel], outputs: ['y'] },
        { kernels: [swigluBackwardKernel], outputs: ['dg', 'du'] },
      ],
    ]),
    ...cases('rope', [
      ropeCase(2, 3, 33, 6, 7),
      [
        { kernels: [linear.linearRopeKernel], outputs: ['y'] },
        { kernels: [ropeKernel], outputs: ['dx'] },
      ],
    ]),
    ...cases(
      'attention',
      [
        attentionCase({ batch: 3, heads: 4, kvHeads: 2, keys: 37, headDim: 8 }),
        [
          {
            kernels: [attention.attentionForwardKernel, attention.attentionForwardCooperativeKernel],
            outputs: ['out', 'logsumexp'],
          },
          {
            kernels: [attention.attentionBackwardQueryKernel, attention.attentionBackwardQueryCooperativeKernel],
            outputs: ['dq'],
          },
          {
            kernels: [attention.attentionBackwardKeyValueKernel, attention.attentionBackwardKeyValueCooperativeKernel],
            outputs: ['dk', 'dv'],
          },
        ],
      ],
      [
        attentionCase({ batch: 9, heads: 5, kvHeads: 5, queries: 2, keys: 37, headDim: 8 }),
        [
          {
            kernels: [attention.attentionDecodeKernel, attention.attentionDecodeCooperativeKernel],
            outputs: ['out'],
          },
        ],
      ],
      [weightsCase({ batch: 2, heads: 3, kvHeads: 3, keys: 70, headDim: 8 }, 66), by(attention.attentionWeightsKernel)],
    ),
    ...cases('model', [
      decodeTokenCase({
        width: 16,
        headDim: 8,
        heads: 3,
        kvHeads: 1,
        ffn: 20,
        active: 3,
        positions: 70,
        rowsAtOnce: 2,
      }),
      by(decodeTokenKernel),
    ]),
    ...cases('rmsnorm', [
      normCase(70, 130),
      [
        { kernels: [rmsnormForwardKernel], outputs: ['y', 'rstd'] },
        { kernels: [rmsnormBackwardKernel], outputs: ['dx', 'dw'] },
      ],
    ]),
    ...cases(
      'embedding',
      [
        embeddingCase(65, 9, 40),
        [
          { kernels: [embedding.embeddingForwardKernel], outputs: ['y'] },
          { kernels: [embedding.embeddingBackwardKernel], outputs: ['dE'] },
        ],
      ],
      [scatterCase(33, 7), by(embedding.scatterRowsKernel)],
    ),
    ...cases('cross_entropy', [lossCase(33, 131), by(crossEntropyKernel)]),
    ...cases('grpo', [grpoCase('loss', 3, 13, 70, { forbidden: true, entropyBonus: 0.02 }), by(grpoLossKernel)]),
    ...cases('adamw', [
      adamwCase([64, 7, 65, 1], 1, 0.1),
      [{ kernels: [adamw.gradNormKernel], outputs: ['gradNorm'] }, { kernels: [adamw.adamwKernel] }],
    ]),
    ...cases('sampling', [
      samplingCase(35, 70, { topK: 50, topP: 0.9, temperature: 0.7 }),
      by(sampleKernel, sampleCooperativeKernel),
    ]),
    ...cases('philox', [blockCase(65), by(philoxKernel)], [uniformCase(257), by(uniformFromWordsKernel)]),
    ...cases(
      'reduce',
      [partialsCase(257, 5), by(reducePartialsKernel)],
      [columnsCase(65, 7), by(reduceColumnsKernel)],
      [addCase(257), by(addKernel)],
    ),
    ...cases(
      'episode',
      [
        episodeCase(35, 25),
        [
          { kernels: [episode.episodeStepKernel], outputs: ['tokens', 'logProbs', 'entropies', 'ends', 'stepStarts'] },
          { kernels: [episode.bm25TopKKernel], outputs: ['passages'] },
        ],
      ],
      [compactionCase(35, 8), by(episode.episodeCompactKernel)],
      [readingCase(35, 2), by(episode.episodeCompactKernel)],
      [textCase(35), by(reviewTextKernel)],
      [thoughtCase(35), by(reviewThinkKernel)],
      [verdictCase(35), by(reviewVerdictsKernel)],
      [
        reviewCase(35, { mode: 'sample', cut: 'uniform' }),
        [
          { kernels: [episode.reviewBeginKernel], outputs: ['inputs', 'lengths'] },
          { kernels: [episode.reviewDecideKernel], outputs: ['decided', 'logProbs', 'rows'] },
        ],
      ],
    ),
  ];
}
