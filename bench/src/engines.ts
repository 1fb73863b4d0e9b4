import type { Contender } from './contender';
import { openCutpoint } from './cutpoint';
import type { EngineName } from './options';

type Peer = Exclude<EngineName, 'cutpoint'>;

/** What each file of peers/ exports. */
const OPENERS: Readonly<Record<Peer, string>> = { jax: 'openJax', tfjs: 'openTfjs' };

/**
 * The peers, found by the bundler: a plain import would ask for their packages, which only `npm run bench` installs, wherever
 * this file is checked.
 */
const FILES = import.meta.glob<Readonly<Record<string, () => Promise<Contender>>>>('./peers/{jax,tfjs}.ts');

/** Opens an engine on `navigator.gpu`. @throws Error where the engine does */
export async function openEngine(name: EngineName): Promise<Contender> {
  if (name === 'cutpoint') return openCutpoint();
  const load = FILES[`./peers/${name}.ts`];
  if (load === undefined) throw new Error(`bench/src/peers/${name}.ts is missing`);
  const open = (await load())[OPENERS[name]];
  if (open === undefined) throw new Error(`bench/src/peers/${name}.ts lacks ${OPENERS[name]}`);
  return open();
}
