import { MODEL_SIZES, type ModelSize } from '../../config/schema';
import { parameterTable, type ParameterTable } from '../../models/parameters';

/** The parameters of a model of a size over a vocabulary of so many tokens. */
export function runTable(size: ModelSize, vocab: number): ParameterTable {
  const { width, heads, ...rest } = MODEL_SIZES[size];
  return parameterTable({ ...rest, vocab, width, heads, headDim: width / heads });
}
