/** What the worker accepts. The page is our own code; the guard catches version skew between page and worker. */
import { isRunConfig } from '../config/schema';
import { MAX_SWEEP_REPLICATES, type Breakpoints, type Command, type DraftRow, type InitialWeights } from './protocol';

const BARE_COMMANDS: ReadonlySet<unknown> = new Set(['play', 'pause', 'reset', 'checkpoint']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isBreakpoints(value: unknown): value is Breakpoints {
  if (!isRecord(value)) return false;
  const { zeroVarianceGroups, revisionRate, entropyBelow, pinnedAnswer } = value;
  const isBand =
    isRecord(revisionRate) && typeof revisionRate['low'] === 'number' && typeof revisionRate['high'] === 'number';
  return (
    isNumberOrNull(zeroVarianceGroups) &&
    (revisionRate === null || isBand) &&
    isNumberOrNull(entropyBelow) &&
    typeof pinnedAnswer === 'boolean'
  );
}

function isInitialWeights(value: unknown): value is InitialWeights {
  if (!isRecord(value)) return false;
  const { kind, bytes } = value;
  return kind === 'shipped' || kind === 'warmStart' || (kind === 'checkpoint' && bytes instanceof ArrayBuffer);
}

function isDraftRow(value: unknown): value is DraftRow {
  if (!isRecord(value)) return false;
  const { update, row, tokens, logProbs, entropies, stepStarts, steps, passages } = value;
  return (
    isCount(update) &&
    isCount(row) &&
    tokens instanceof Uint16Array &&
    logProbs instanceof Float32Array &&
    entropies instanceof Float32Array &&
    [logProbs, entropies].every(({ length }) => length === tokens.length) &&
    stepStarts instanceof Uint16Array &&
    isCount(steps) &&
    steps >= 1 &&
    steps <= stepStarts.length &&
    passages instanceof Int32Array
  );
}

/** Replicate numbers that fit into the 16 bits that a random counter has for them. */
function areReplicates(first: unknown, count: unknown): boolean {
  return isCount(first) && isCount(count) && count >= 1 && count <= MAX_SWEEP_REPLICATES && first + count <= 65536;
}

export function isCommand(value: unknown): value is Command {
  if (!isRecord(value)) return false;
  const { type, runId, config, initial, baseUrl } = value;
  switch (type) {
    case 'start':
      return (
        isCount(runId) &&
        typeof baseUrl === 'string' &&
        isRecord(config) &&
        isRunConfig(config) &&
        isInitialWeights(initial)
      );
    case 'pin':
      return isCount(value['id']) && isCount(value['update']) && isCount(value['group']);
    case 'step':
      return [undefined, 'both', 'actor', 'refiner'].some((train) => train === value['train']);
    case 'configure':
      return isRecord(config) && isRunConfig(config);
    case 'pace': {
      const rate = value['updatesPerMinute'];
      return rate === null || (typeof rate === 'number' && rate > 0);
    }
    case 'inspect':
      return isCount(value['id']) && value['tokens'] instanceof Uint16Array && value['tokens'].length > 0;
    case 'sweep':
      return (
        isCount(value['id']) &&
        isDraftRow(value['draft']) &&
        areReplicates(value['firstReplicate'], value['replicates'])
      );
    case 'cut': {
      const { id, draft, step, replicate } = value;
      return (
        isCount(id) &&
        isDraftRow(draft) &&
        isCount(step) &&
        step >= 1 &&
        step <= draft.steps &&
        areReplicates(replicate, 1)
      );
    }
    case 'breakpoints':
      return isBreakpoints(value['breakpoints']);
    case 'unpin':
      return isCount(value['id']);
    default:
      return BARE_COMMANDS.has(type);
  }
}
