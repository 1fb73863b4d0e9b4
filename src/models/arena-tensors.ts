import type { NamedTensor, TensorFile } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import type { ParameterTable } from './parameters';

/** The tensors of an arena under their Hugging Face names. */
export function arenaTensors(table: ParameterTable, arena: Float32Array): NamedTensor[] {
  return table.entries.map(({ name, shape, offset, size }) => ({
    name,
    shape,
    data: arena.slice(offset, offset + size),
  }));
}

/** Fills an arena from named tensors. @throws UserError where a tensor is missing or has another shape */
export function arenaFromTensors(table: ParameterTable, file: TensorFile, name: string): Float32Array<ArrayBuffer> {
  const arena = new Float32Array(table.size);
  for (const entry of table.entries) {
    const tensor = file.tensors.get(entry.name);
    const wanted = entry.shape.join('x');
    if (tensor === undefined) throw new UserError(`${name} has no tensor "${entry.name}".`);
    if (tensor.shape.join('x') !== wanted) {
      throw new UserError(
        `${name}: "${entry.name}" has shape ${tensor.shape.join('x')}, this model needs ${wanted}.`,
        'It was made for another world or another model size.',
      );
    }
    arena.set(tensor.data, entry.offset);
  }
  return arena;
}
