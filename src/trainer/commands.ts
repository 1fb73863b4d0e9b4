/** What the worker accepts. The page is our own code; the guard catches version skew between page and worker. */
import { isRunConfig } from '../config/schema';
import type { Command, InitialWeights } from './protocol';

const BARE_COMMANDS: ReadonlySet<unknown> = new Set(['play', 'pause', 'step', 'reset', 'checkpoint']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isInitialWeights(value: unknown): value is InitialWeights {
  if (!isRecord(value)) return false;
  const { kind, bytes } = value;
  return kind === 'shipped' || kind === 'warmStart' || (kind === 'checkpoint' && bytes instanceof ArrayBuffer);
}

export function isCommand(value: unknown): value is Command {
  if (!isRecord(value)) return false;
  const { type, runId, config, initial, baseUrl } = value;
  if (type !== 'start') return BARE_COMMANDS.has(type);
  return (
    typeof runId === 'number' &&
    typeof baseUrl === 'string' &&
    isRecord(config) &&
    isRunConfig(config) &&
    isInitialWeights(initial)
  );
}
