/** What a trainer of language models is to `npm run export -- --target`: one file a trainer, listed in registry.ts. */
import type { RunConfig } from '../../config/schema';
import type { Notation } from './world-data';

/** A setting of ours that the trainer has not, or has otherwise: listed in the folder's README, never dropped in silence. */
export interface Lack {
  setting: string;
  value: string | number;
  instead: string;
}

/** Why a run cannot be made there at all. */
export interface Refusal {
  rule: string;
  hint: string;
}

export interface TargetContext {
  config: RunConfig;
  notation: Notation;
  /** Updates of the run. */
  updates: number;
  /** Longest trajectory in tokens, where the notation is `words`. */
  positions: number;
  questions: number;
}

export interface Target {
  /** As its users call it. */
  title: string;
  /** Of recipes/search_r2: what was run of it, and what was not. */
  document: string;
  /** What a language model wants there, in sentences. */
  machine: string;
  /** Extra of recipes/search_r2/pyproject.toml that installs it. */
  extra: string;
  /** Pinned packages, by the names of the registry: the recipe refuses others. */
  pins: Readonly<Record<string, string>>;
  /** What it cannot do of a run that the recipe can; null where it can. */
  refuses(config: RunConfig): Refusal | null;
  /** What it lacks beside what the recipe lacks. */
  lacks(context: TargetContext): readonly Lack[];
  /** Its own section `trainer` of config.json. */
  trainer(context: TargetContext): Readonly<Record<string, unknown>>;
  /** Files beside the common ones, by their names. */
  files(context: TargetContext): ReadonlyMap<string, string>;
  /** The command that starts the training, in the folder. */
  command: string;
}
