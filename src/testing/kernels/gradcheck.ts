/**
 * Backward passes by central differences with a RANDOM cotangent: with the loss sum(out) a wrong softmax backward
 * would pass, since the true gradient is 0.
 */
import { compareNumbers, type Comparison } from '../../selftest/bench/bounds';
import { randomNormal } from '../../selftest/bench/draw';

export type Tensors = { readonly [name: string]: Float64Array };

export interface GradcheckCase {
  /** What is differentiated. */
  inputs: Tensors;
  /** Outputs by name; must not keep or change its inputs. */
  forward: (inputs: Tensors) => Tensors;
  /** Gradient by each input (named like the input) of sum over outputs of cotangent * output. */
  backward: (inputs: Tensors, cotangents: Tensors) => Tensors;
  seed?: number;
}

export interface GradcheckRow extends Comparison {
  input: string;
}

/** Step of the five-point stencil; its truncation error falls with the fourth power, so 1e-3 is near the optimum. */
const STEP = 1e-3;
const BOUND = { rtol: 1e-8, atol: 1e-9 };

/** One row per input of `inputs`; `ok` says whether the gradient agrees at every coordinate. */
export function gradcheck({ inputs, forward, backward, seed = 1 }: GradcheckCase): GradcheckRow[] {
  const cotangents: Record<string, Float64Array> = {};
  Object.entries(forward(inputs)).forEach(([name, out], i) => {
    cotangents[name] = randomNormal(out.length, seed * 1000 + i);
  });
  const loss = (at: Tensors) =>
    Object.entries(forward(at)).reduce(
      (sum, [name, out]) => sum + out.reduce((a, x, i) => a + x * cotangents[name]![i]!, 0),
      0,
    );
  const gradients = backward(inputs, cotangents);
  return Object.entries(inputs).map(([input, values]) => {
    const numeric = values.map((_, i) => {
      const moved = (by: number) => loss({ ...inputs, [input]: values.with(i, values[i]! + by) });
      return (8 * (moved(STEP) - moved(-STEP)) - (moved(2 * STEP) - moved(-2 * STEP))) / (12 * STEP);
    });
    return { input, ...compareNumbers(gradients[input] ?? new Float64Array(0), numeric, BOUND) };
  });
}
