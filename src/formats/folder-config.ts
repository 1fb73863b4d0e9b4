/** What config.json says of the weights beside it: whose they are, and what is computed with them. */
import type { ModelShape } from '../config/schema';
import { UserError } from '../lib/assert';
import { HEAD } from './foreign-tensors';
import type { Origin } from './hugging-face';
import type { TensorFile } from './safetensors';
import type { FileMap } from './weight-files';

export const CONFIG_FILE = 'config.json';

export interface FolderConfig {
  /** null where no world of ours is named. */
  readonly origin: Origin | null;
  readonly values: Readonly<Record<string, unknown>>;
}

/** null where there is none, or none that can be read. */
export function readConfig(files: FileMap): FolderConfig | null {
  const bytes = files.get(CONFIG_FILE);
  if (bytes === undefined) return null;
  try {
    const values = record(JSON.parse(new TextDecoder().decode(bytes)));
    const { world, dictionary } = record(values['cutpoint']);
    const isOrigin = typeof world === 'string' && typeof dictionary === 'string';
    return { values, origin: isOrigin ? { world, dictionary } : null };
  } catch {
    return null;
  }
}

/**
 * Tensors of the right shapes mean something else where other arithmetic is done with them.
 *
 * @throws UserError that names the first value that this version does not compute
 */
export function requireArithmetic(config: FolderConfig | null, shape: ModelShape, { tensors }: TensorFile): void {
  if (config === null) return;
  const { values } = config;
  // Of two generations of transformers; both may stand there.
  const ropes = [record(values['rope_scaling']), record(values['rope_parameters'])];
  const checks: readonly (readonly [key: string, found: unknown, wanted: unknown])[] = [
    ['model_type', values['model_type'], 'llama'],
    ['num_attention_heads', values['num_attention_heads'], shape.heads],
    ['num_key_value_heads', values['num_key_value_heads'], shape.kvHeads],
    ['head_dim', values['head_dim'], shape.width / shape.heads],
    ['rms_norm_eps', values['rms_norm_eps'], shape.rmsEps],
    ['rope_theta', ropes[1]?.['rope_theta'] ?? values['rope_theta'], shape.ropeTheta],
    ...ropes.map((rope) => ['rope_type', rope['rope_type'] ?? rope['type'], 'default'] as const),
    ['hidden_act', values['hidden_act'], 'silu'],
  ];
  const other = checks.find(([, found, wanted]) => found !== undefined && found !== null && found !== wanted);
  if (other !== undefined) {
    const [key, found, wanted] = other;
    throw new UserError(
      `${CONFIG_FILE} says ${key} ${JSON.stringify(found)}; a model of this size computes with ${JSON.stringify(wanted)}.`,
      'The weights were trained for other arithmetic than that of this engine.',
    );
  }
  if (values['tie_word_embeddings'] === false && !tensors.has(HEAD)) {
    throw new UserError(
      `${CONFIG_FILE} says that the output layer is not the embedding (tie_word_embeddings), and there is no "${HEAD}".`,
      'This engine computes logits with the embedding.',
    );
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
