/** Which kind of file it is, by its content and not by its name, and what its reader says of it. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Columns } from '../../config/column-lines';
import { isZip } from '../../formats/is-zip';
import { UserError } from '../../lib/assert';
import { decodeText } from '../../lib/decode-text';
import { otherKind } from '../../lib/other-kind';
import { textKind } from '../../rollouts/containers/text-kind';
import { isCapsule } from '../../recordings/capsule/capsule-file';
import { onDisk } from './disk';
import type { Told } from './told';
import { tellCheckpoint } from './told-checkpoint';
import { tellFacts } from './told-facts';
import { tellRollouts } from './told-rollouts';

const HEAD_BYTES = 1 << 20;
/** Files of a folder of weights, of formats that are not read too: its reader says so. */
const OF_WEIGHTS = /^adapter_config\.json$|\.(safetensors|bin|pt|pth|ckpt|gguf|distcp)$/;

/**
 * @param columns of facts: subject, relation, object
 * @throws UserError where nothing of it can be read
 */
export async function tell(path: string, columns: Columns | null): Promise<Told> {
  if (!existsSync(path)) throw new UserError(`There is no file "${path}".`);
  if (statSync(path).isDirectory()) {
    const files = filesOf(path);
    const isCheckpoint = files.length === 0 || files.some((file) => OF_WEIGHTS.test(basename(file)));
    return isCheckpoint ? tellCheckpoint(path) : tellRollouts(path, files);
  }
  const head = headOf(path);
  if (isCapsule(head) || isSafetensors(head) || isCheckpointZip(head)) return tellCheckpoint(path);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const begins = new TextDecoder('latin1').decode(head.subarray(0, 4));
  const isRollouts = isGzip || /^PAR1|^PK|^\(µ\/ý/.test(begins) || textKind(decodeText(head).text) !== null;
  if (isRollouts) return tellRollouts(path);
  const other = otherKind(head);
  if (other !== null)
    throw new UserError(`${path} is ${other.what}${other.what === 'empty' ? '' : ', which is not read'}.`, other.hint);
  return tellFacts(path, columns);
}

/** However deep, numbers by their value: in the order of the steps. */
function filesOf(folder: string): string[] {
  const entries = onDisk(folder, 'read', () => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

function headOf(path: string): Uint8Array {
  return onDisk(path, 'read', () => {
    const head = new Uint8Array(HEAD_BYTES);
    const file = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  });
}

/** Eight bytes that say how long the header is, then the header, a JSON object. */
function isSafetensors(head: Uint8Array): boolean {
  return head[6] === 0 && head[7] === 0 && head[8] === 0x7b;
}

/** A zip archive in which the weights have their usual name. */
function isCheckpointZip(head: Uint8Array): boolean {
  return isZip(head) && new TextDecoder('latin1').decode(head).includes('model.safetensors');
}
