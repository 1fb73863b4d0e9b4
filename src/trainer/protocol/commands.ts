/** What the worker accepts. The page is our own code; the guard catches version skew between page and worker. */
import { isRunConfig } from '../../config/schema';
import { isAskCommand, isWeights } from './ask-commands';
import { areReplicates, isCount, isDraftRow, isRecord } from './command-shapes';
import type { Breakpoints, Command, InitialWeights, TriplesFile } from './protocol';

const BARE_COMMANDS: ReadonlySet<unknown> = new Set(['pause', 'reset', 'checkpoint']);

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
  const { kind, name, bytes } = value;
  if (kind === 'shipped' || kind === 'warmStart') return true;
  return (kind === 'checkpoint' || kind === 'base') && typeof name === 'string' && bytes instanceof ArrayBuffer;
}

function isTriplesFile(value: unknown): value is TriplesFile {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['text'] === 'string';
}

export function isCommand(value: unknown): value is Command {
  if (!isRecord(value)) return false;
  const { type, runId, config, initial, baseUrl } = value;
  switch (type) {
    case 'start':
    case 'vet':
      return (
        isCount(type === 'start' ? runId : value['id']) &&
        typeof baseUrl === 'string' &&
        isRecord(config) &&
        isRunConfig(config) &&
        isInitialWeights(initial) &&
        (value['triples'] === undefined || value['triples'] === null || isTriplesFile(value['triples']))
      );
    case 'readTriples':
      return isCount(value['id']) && isTriplesFile(value['triples']) && isCount(value['part'] ?? 0);
    case 'examine':
      return (
        typeof baseUrl === 'string' && typeof value['webGpuInPage'] === 'boolean' && typeof value['run'] === 'string'
      );
    case 'pin':
      return isCount(value['id']) && isCount(value['update']) && isCount(value['group']);
    case 'step':
      return [undefined, 'both', 'actor', 'refiner'].some((train) => train === value['train']);
    case 'configure':
      return isRecord(config) && isRunConfig(config);
    case 'play':
      return value['until'] === undefined || isCount(value['until']);
    case 'pace': {
      const rate = value['updatesPerMinute'];
      return rate === null || (typeof rate === 'number' && rate > 0);
    }
    case 'inspect':
      return (
        isCount(value['id']) &&
        value['tokens'] instanceof Uint16Array &&
        value['tokens'].length > 0 &&
        isWeights(value['weights'])
      );
    case 'sweep':
      return (
        isCount(value['id']) &&
        isDraftRow(value['draft']) &&
        areReplicates(value['firstReplicate'], value['replicates']) &&
        isWeights(value['weights'])
      );
    case 'cut': {
      const { id, draft, step, replicate } = value;
      return (
        isCount(id) &&
        isDraftRow(draft) &&
        isCount(step) &&
        step >= 1 &&
        step <= draft.steps &&
        areReplicates(replicate, 1) &&
        isWeights(value['weights'])
      );
    }
    case 'breakpoints':
      return isBreakpoints(value['breakpoints']);
    case 'await':
      return isCount(value['update']);
    case 'unpin':
      return isCount(value['id']);
    default:
      return BARE_COMMANDS.has(type) || isAskCommand(value);
  }
}
