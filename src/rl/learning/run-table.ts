import { MODEL_SIZES, type ModelSize, type RunConfig } from '../../config/schema';
import { deepened } from '../../models/deepen';
import { parameterTable, type ParameterTable } from '../../models/parameters';
import { widened } from '../../models/widen';

/** The parameters of a model of a size over a vocabulary of so many tokens. */
export function runTable(size: ModelSize, vocab: number): ParameterTable {
  const shape = MODEL_SIZES[size];
  const { width, heads } = shape;
  return parameterTable({ ...shape, vocab, headDim: width / heads });
}

/** The layouts of the networks of a run. */
export interface RunTables {
  table: ParameterTable;
  /** Of a refiner of its own, which may be deeper and wider; the actor's where it is not. */
  refinerTable: ParameterTable;
}

/** A wider refiner has more heads, each as wide as the actor's. */
export function runTables({ size, refinerLayers, refinerWidth }: RunConfig, vocab: number): RunTables {
  const table = runTable(size, vocab);
  if (refinerLayers === 0 && refinerWidth === 0) return { table, refinerTable: table };
  const { shape } = table;
  const times = refinerWidth === 0 ? 1 : refinerWidth / shape.width;
  const refinerTable = parameterTable({
    ...shape,
    layers: refinerLayers === 0 ? shape.layers : refinerLayers,
    ...{ width: times * shape.width, ffn: times * shape.ffn },
    ...{ heads: times * shape.heads, kvHeads: times * shape.kvHeads },
  });
  return { table, refinerTable };
}

/** The weights of the actor as those of a refiner that may be wider and deeper, and computes the same. */
export function grownTo(
  refinerTable: ParameterTable,
  table: ParameterTable,
  params: Float32Array<ArrayBuffer>,
  initSeed: number,
): Float32Array<ArrayBuffer> {
  if (refinerTable === table) return params;
  const { layers } = table.shape;
  const wide = parameterTable({ ...refinerTable.shape, layers });
  const wider = wide.size === table.size ? params : widened(table, params, wide, initSeed);
  return layers === refinerTable.shape.layers ? wider : deepened(wide, wider, refinerTable, initSeed);
}
