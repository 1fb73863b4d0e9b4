/** Shapes of the commands about single trajectories. */
import { MAX_ASKED_HOPS, MAX_EDITS } from './ask-protocol';
import { areReplicates, isAskedRow, isCount, isDraftRow, isRecord } from './command-shapes';

/** Tokens that may be put in place of others at once: a query with its end. */
const MAX_FORCED = 8;

export function isWeights(value: unknown): boolean {
  return value === undefined || isCount(value);
}

function isEdit(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, passage, object, source, subject, relation } = value;
  if (kind === 'remove') return isCount(passage);
  if (kind === 'rewrite') return isCount(passage) && isCount(object);
  return kind === 'plant' && [source, subject, relation, object].every(isCount);
}

function areEdits(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_EDITS && value.every(isEdit);
}

function isWorldRef(value: unknown): boolean {
  return (
    isRecord(value) && ('heldOut' in value ? isCount(value['heldOut']) && value['heldOut'] < 64 : isAskedRow(value))
  );
}

function isChain(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { start, relations } = value;
  const hops = Array.isArray(relations) ? relations.length : 0;
  return isCount(start) && Array.isArray(relations) && hops >= 1 && hops <= MAX_ASKED_HOPS && relations.every(isCount);
}

/** A row's own question is one of the run; a world alone has none. */
function isQuestion({ world, chain }: Record<string, unknown>): boolean {
  if (!isRecord(world) || !isWorldRef(world)) return false;
  return chain === null ? !('heldOut' in world) : isChain(chain);
}

export function isAskCommand(value: Record<string, unknown>): boolean {
  const { type, id, tokens, position, weights, draft, forced, replicate, edits, question } = value;
  if (!isCount(id) || !isWeights(weights)) return false;
  switch (type) {
    case 'alternatives':
    case 'attention':
      return tokens instanceof Uint16Array && isCount(position) && position < tokens.length;
    case 'change': {
      const { logProbs, update, advantage } = value;
      const fits = tokens instanceof Uint16Array && logProbs instanceof Float32Array;
      return fits && tokens.length === logProbs.length && isCount(update) && Number.isFinite(advantage);
    }
    case 'continue':
      return (
        isDraftRow(draft) &&
        isCount(position) &&
        position < draft.tokens.length &&
        Array.isArray(forced) &&
        forced.length <= MAX_FORCED &&
        forced.every(isCount) &&
        areReplicates(replicate, 1) &&
        areEdits(edits) &&
        (question === undefined || (isRecord(question) && isQuestion(question)))
      );
    case 'facts':
      return isWorldRef(value['world']);
    case 'ask':
      return isQuestion(value) && areEdits(edits) && isCount(replicate) && replicate < 32768;
    default:
      return false;
  }
}
