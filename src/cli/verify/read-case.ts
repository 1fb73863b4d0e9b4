/**
 * Golden cases as typed arguments, one reader per fixture file, shared by the reference and the GPU side of `verify`.
 * Shapes, dtypes and ranges are checked here; a fixture that breaks them is a UserError.
 */
import { modelWeightShapes, type ModelShape } from '../../models/model.reference';
import type { GoldenCase } from '../../testing/kernels/golden';

export function embeddingCase(golden: GoldenCase) {
  const [batch, seqLen] = [golden.size('batch'), golden.size('seqLen')];
  const [vocab, hidden] = [golden.size('vocab'), golden.size('hidden')];
  return {
    rows: batch * seqLen,
    vocab,
    hidden,
    tokens: golden.ids('tokens', [batch, seqLen], vocab),
    table: golden.floats('E', [vocab, hidden]),
    dY: golden.floats('dY', [batch, seqLen, hidden]),
  };
}

export function linearCase(golden: GoldenCase) {
  const rows = golden.size('rows');
  const [inFeatures, outFeatures] = [golden.size('inFeatures'), golden.size('outFeatures')];
  return {
    rows,
    inFeatures,
    outFeatures,
    x: golden.floats('x', [rows, inFeatures]),
    w: golden.floats('W', [outFeatures, inFeatures]),
    dY: golden.floats('dY', [rows, outFeatures]),
  };
}

export function rmsnormCase(golden: GoldenCase) {
  const [rows, cols] = [golden.size('rows'), golden.size('cols')];
  return {
    rows,
    cols,
    eps: golden.number('eps'),
    x: golden.floats('x', [rows, cols]),
    w: golden.floats('w', [cols]),
    dy: golden.floats('dy', [rows, cols]),
  };
}

export function ropeCase(golden: GoldenCase) {
  const [batch, heads] = [golden.size('batch'), golden.size('heads')];
  const [seqLen, headDim] = [golden.size('seqLen'), golden.size('headDim', 2)];
  if (headDim % 2 !== 0) golden.fail(`param "headDim" is ${headDim}: rotary positions need an even one`);
  const shape = [batch, heads, seqLen, headDim];
  return {
    batch,
    heads,
    seqLen,
    headDim,
    offset: golden.size('offset', 0),
    theta: golden.number('theta'),
    x: golden.floats('x', shape),
    dy: golden.floats('dy', shape),
  };
}

export function attentionCase(golden: GoldenCase) {
  const batch = golden.size('batch');
  const [heads, kvHeads] = headCounts(golden);
  const [queries, keys] = [golden.size('queries'), golden.size('keys')];
  const [headDim, queryOffset] = [golden.size('headDim'), golden.size('queryOffset', 0)];
  const q = [batch, heads, queries, headDim];
  const kv = [batch, kvHeads, keys, headDim];
  return {
    batch,
    heads,
    kvHeads,
    queries,
    keys,
    headDim,
    queryOffset,
    q: golden.floats('q', q),
    k: golden.floats('k', kv),
    v: golden.floats('v', kv),
    /** Absent in decode cases. */
    dout: golden.has('dout') ? golden.floats('dout', q) : undefined,
  };
}

export function swigluCase(golden: GoldenCase) {
  const [rows, cols] = [golden.size('rows'), golden.size('cols')];
  const shape = [rows, cols];
  return { rows, cols, g: golden.floats('g', shape), u: golden.floats('u', shape), dy: golden.floats('dy', shape) };
}

export function crossEntropyCase(golden: GoldenCase) {
  const [batch, seqLen, vocab] = [golden.size('batch'), golden.size('seqLen'), golden.size('vocab')];
  return {
    rows: batch * seqLen,
    vocab,
    logits: golden.floats('logits', [batch, seqLen, vocab]),
    targets: golden.ids('targets', [batch, seqLen], vocab),
    mask: golden.mask('mask', [batch, seqLen]),
  };
}

export function grpoCase(golden: GoldenCase) {
  const [batch, seqLen, vocab] = [golden.size('batch'), golden.size('seqLen'), golden.size('vocab')];
  return {
    batch,
    seqLen,
    vocab,
    clipLow: golden.number('clipLow'),
    clipHigh: golden.number('clipHigh'),
    klBeta: golden.number('klBeta'),
    aggregation: golden.option('aggregation', ['sequenceMean', 'tokenMean', 'fixedLength']),
    logits: golden.floats('logits', [batch, seqLen, vocab]),
    targets: golden.ids('targets', [batch, seqLen], vocab),
    oldLogProbs: golden.floats('oldLogProbs', [batch, seqLen]),
    refLogProbs: golden.floats('refLogProbs', [batch, seqLen]),
    advantages: golden.floats('advantages', [batch]),
    policyMask: golden.mask('policyMask', [batch, seqLen]),
  };
}

/** lr and grads are split by step: grads[step][tensor]. */
export function adamwCase(golden: GoldenCase) {
  const steps = golden.size('steps');
  const names = nameList(golden.text('tensors'));
  const noDecay = nameList(golden.text('noDecay'));
  const tensors = names.map((name) => {
    const shape = golden.inputs.get(`param.${name}`)?.shape ?? golden.fail(`input "param.${name}" is missing`);
    return { name, shape, values: golden.floats(`param.${name}`, shape), decay: !noDecay.includes(name) };
  });
  const allGrads = tensors.map(({ name, shape }) => golden.floats(`grad.${name}`, [steps, ...shape]));
  return {
    beta1: golden.number('beta1'),
    beta2: golden.number('beta2'),
    eps: golden.number('eps'),
    weightDecay: golden.number('weightDecay'),
    maxGradNorm: golden.number('maxGradNorm'),
    steps,
    lr: golden.floats('lr', [steps]),
    tensors,
    grads: Array.from({ length: steps }, (_, step) =>
      allGrads.map((grads) => grads.subarray((step * grads.length) / steps, ((step + 1) * grads.length) / steps)),
    ),
  };
}

export function modelCase(golden: GoldenCase) {
  const [heads, kvHeads] = headCounts(golden);
  const shape: ModelShape = {
    vocab: golden.size('vocab'),
    hidden: golden.size('hidden'),
    heads,
    kvHeads,
    headDim: golden.size('headDim', 2),
    ffn: golden.size('ffn'),
    layers: golden.size('layers', 0),
    eps: golden.number('eps'),
    theta: golden.number('theta'),
  };
  const [batch, seqLen] = [golden.size('batch'), golden.size('seqLen')];
  const weights = new Map(modelWeightShapes(shape).map(([name, dims]) => [name, golden.floats(name, dims)]));
  return {
    shape,
    weights,
    batch,
    seqLen,
    tokens: golden.ids('tokens', [batch, seqLen], shape.vocab),
    targets: golden.ids('targets', [batch, seqLen], shape.vocab),
    mask: golden.mask('mask', [batch, seqLen]),
  };
}

/** The optimiser of a train_curve case; weight decay applies to every tensor. */
export function trainCurveSettings(golden: GoldenCase) {
  return {
    beta1: golden.number('beta1'),
    beta2: golden.number('beta2'),
    eps: golden.number('adamEps'),
    weightDecay: golden.number('weightDecay'),
    maxGradNorm: golden.number('maxGradNorm'),
    lr: golden.number('lr'),
    steps: golden.size('steps'),
  };
}

export function groupAdvantageCase(golden: GoldenCase) {
  const [prompts, groupSize] = [golden.size('prompts'), golden.size('group')];
  return {
    groupSize,
    mode: golden.option('mode', ['grpo', 'drgrpo', 'rloo']),
    eps: golden.number('eps'),
    rewards: golden.floats('rewards', [prompts, groupSize]),
  };
}

export function decompositionCase(golden: GoldenCase) {
  const [drafts, maxSteps] = [golden.size('drafts'), golden.size('maxSteps')];
  return {
    maxSteps,
    p: golden.floats('p', [drafts]),
    rewards: golden.floats('R', [drafts]),
    alpha: golden.floats('alpha', [drafts]),
    steps: golden.ids('steps', [drafts], maxSteps + 1),
    h: golden.floats('h', [drafts, maxSteps]),
    values: golden.floats('V', [drafts, maxSteps]),
  };
}

export function samplingCase(golden: GoldenCase) {
  const [batch, vocab] = [golden.size('batch'), golden.size('vocab')];
  const allowed = golden.mask('allowed', [batch, vocab]);
  for (let b = 0; b < batch; b++) {
    if (!allowed.subarray(b * vocab, (b + 1) * vocab).includes(1)) golden.fail(`row ${b} allows no token`);
  }
  const draws = golden.inputs.get('uniforms')?.shape[1] ?? golden.fail('input "uniforms" (B, U) is missing');
  return {
    batch,
    vocab,
    draws,
    temperature: golden.number('temperature'),
    topK: golden.size('topK', 0),
    topP: golden.number('topP'),
    logits: golden.floats('logits', [batch, vocab]),
    allowed,
    uniforms: golden.floats('uniforms', [batch, draws]),
  };
}

/** Either words to turn into uniforms, or blocks of (counter, key). */
export function philoxCase(golden: GoldenCase) {
  const rows = golden.size('rows');
  const rounds = golden.size('rounds', 0);
  if (golden.has('x')) {
    const count = golden.inputs.get('x')?.data.length ?? 0;
    return { words: golden.words('x', [count]), blocks: [] };
  }
  const counters = golden.words('counter', [rows, 4]);
  const keys = golden.words('key', [rows, 2]);
  const blocks = Array.from({ length: rows }, (_, n) => ({
    counter: counters.subarray(4 * n, 4 * n + 4),
    key: keys.subarray(2 * n, 2 * n + 2),
    rounds,
  }));
  return { words: undefined, blocks };
}

function headCounts(golden: GoldenCase): [heads: number, kvHeads: number] {
  const [heads, kvHeads] = [golden.size('heads'), golden.size('kvHeads')];
  if (heads % kvHeads !== 0) golden.fail(`${heads} query heads cannot share ${kvHeads} key/value heads evenly`);
  return [heads, kvHeads];
}

function nameList(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}
