import { MODEL_SIZES, type ModelSize, type RunConfig } from '../../config/schema';
import { parameterTable, type ParameterTable } from '../../models/parameters';

/** The parameters of a model of a size over a vocabulary of so many tokens, with its own number of layers unless another is given. */
export function runTable(size: ModelSize, vocab: number, layers?: number): ParameterTable {
  const shape = MODEL_SIZES[size];
  const { width, heads } = shape;
  return parameterTable({ ...shape, layers: layers ?? shape.layers, vocab, headDim: width / heads });
}

/** The layouts of the networks of a run. */
export interface RunTables {
  table: ParameterTable;
  /** Of a refiner of its own, which may be deeper; the actor's where it is not. */
  refinerTable: ParameterTable;
}

export function runTables({ size, refinerLayers }: RunConfig, vocab: number): RunTables {
  const table = runTable(size, vocab);
  return { table, refinerTable: refinerLayers === 0 ? table : runTable(size, vocab, refinerLayers) };
}
