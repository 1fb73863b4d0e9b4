/**
 * Configuration <-> the part of the address after #: `#v1&preset=search-r2&world=microwiki&seed=1&groupSize=16`. Only
 * what differs from the preset is written, with readable keys, so that a person can edit a link.
 */
import { NEWER_HINT } from '../lib/versions';
import { configForPreset, defaultConfig, SEED_KEYS, SETTING_KEYS, type RunConfig } from './schema';
import { checkSetting, describeRange, quote, validateConfig } from './validate';

/** Raised when an old link would come to mean something else; new settings alone do not need it. */
export const LINK_VERSION = 1;

/** Written in every link, so that a link says what it shows even if a default changes. */
const ALWAYS = new Set<string>(['preset', 'world', ...SEED_KEYS]);
const MAX_HASH_LENGTH = 8000;
const MAX_NOTES = 8;

/** The hash of `config`, with its leading "#". decodeConfig gives back an equal configuration without notes. */
export function encodeConfig(config: RunConfig): string {
  const preset = configForPreset(config.preset);
  const parts = [`v${LINK_VERSION}`, `preset=${config.preset}`, `world=${config.world}`];
  if (SEED_KEYS.every((key) => config[key] === config.runSeed)) parts.push(`seed=${config.runSeed}`);
  else for (const key of SEED_KEYS) parts.push(`${key}=${config[key]}`);
  for (const key of SETTING_KEYS) {
    if (!ALWAYS.has(key) && config[key] !== preset[key]) parts.push(`${key}=${config[key]}`);
  }
  return `#${parts.join('&')}`;
}

export interface DecodedConfig {
  config: RunConfig;
  /** What in the link was ignored or changed, one plain sentence each; empty for a link that was read as written. */
  notes: string[];
}

/**
 * Reads a hash, with or without its "#". Never throws: what cannot be used is noted and the nearest valid value taken;
 * an empty hash is the defaults; a link of a newer version is the defaults with a note.
 */
export function decodeConfig(hash: string): DecodedConfig {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '') return { config: defaultConfig, notes: [] };
  if (text.length > MAX_HASH_LENGTH) return refuse('The link is too long to be a Cutpoint link.');
  const [version = '', ...pairs] = text.split('&');
  const number = /^v(\d+)$/.exec(version)?.[1];
  if (number === undefined)
    return refuse(`The link does not start with its version, as in #v${LINK_VERSION}&preset=search-r2.`);
  if (Number(number) > LINK_VERSION) {
    return refuse(`The link is of version v${Number(number)}; this page reads v${LINK_VERSION}. ${NEWER_HINT}`);
  }
  if (Number(number) < LINK_VERSION) return refuse(`There is no link version v${Number(number)}.`);
  return readPairs(pairs);
}

function refuse(reason: string): DecodedConfig {
  return { config: defaultConfig, notes: [`${reason} The defaults are shown instead.`] };
}

function readPairs(pairs: readonly string[]): DecodedConfig {
  const readingNotes: string[] = [];
  const given = new Map<string, string>();
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals <= 0) {
      readingNotes.push(`Ignored: ${quote(pair)} is not of the form setting=value.`);
      continue;
    }
    given.set(decodeText(pair.slice(0, equals)), decodeText(pair.slice(equals + 1)));
  }
  const seed = given.get('seed');
  given.delete('seed');
  const seeds: [string, string | number][] = [];
  if (seed !== undefined) {
    // Checked here, as the check of the three settings would say the same thing three times.
    const { value, problem } = checkSetting('worldSeed', seed);
    if (problem !== null) {
      readingNotes.push(`Used ${problem.nearest}: seed must be ${describeRange('worldSeed')}, not ${quote(seed)}.`);
    }
    for (const key of SEED_KEYS) seeds.push([key, problem === null ? value : problem.nearest]);
  }
  // fromEntries defines its keys, so that a key such as __proto__ stays plain data.
  const { config, notes } = validateConfig(Object.fromEntries([...seeds, ...given]));
  const all = [...new Set([...readingNotes, ...notes])];
  const shown = all.slice(0, MAX_NOTES);
  if (all.length > MAX_NOTES) shown.push(`And ${all.length - MAX_NOTES} more.`);
  return { config, notes: shown };
}

/** Percent-decoding that leaves malformed text as it is. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
