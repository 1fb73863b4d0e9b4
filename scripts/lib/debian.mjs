import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from './process.mjs';

const SOURCES = '/etc/apt/sources.list.d';
const OWN_ENTRY = join(SOURCES, 'cutpoint-backports.sources');
const PATIENCE = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30'];

function osRelease() {
  if (!existsSync('/etc/os-release')) return {};
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return Object.fromEntries(
    lines.map((line) => line.split('=')).map(([key, value = '']) => [key, value.replaceAll('"', '')]),
  );
}

/** True where this process may install system packages: root on Debian or a child of it such as Ubuntu. */
export function canInstall() {
  const { ID = '', ID_LIKE = '' } = osRelease();
  return process.platform === 'linux' && process.getuid?.() === 0 && /debian|ubuntu/.test(`${ID} ${ID_LIKE}`);
}

async function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = await runCaptured('apt-get', [...PATIENCE, ...args], { env });
  if (result.code !== 0)
    console.log(`apt-get ${args.join(' ')} failed:\n${result.stderr.trim().split('\n').slice(-5).join('\n')}`);
  return result.code === 0;
}

/** Installs packages; false (with apt's message printed) when apt could not. */
export async function aptInstall(packages, release) {
  console.log(`Installing ${packages.join(', ')}${release === undefined ? '' : ` from ${release}`} with apt-get ...`);
  const target = release === undefined ? [] : ['-t', release];
  return apt(['install', '-y', '--no-install-recommends', ...target, ...packages]);
}

let updated = false;
export async function aptUpdate({ again = false } = {}) {
  if (updated && !again) return true;
  updated = await apt(['update']);
  return updated;
}

/** Version that apt would install, e.g. [22, 3]; undefined if it knows none. */
export async function candidateVersion(name, release) {
  const target = release === undefined ? [] : ['-t', release];
  const { stdout } = await runCaptured('apt-cache', ['policy', ...target, name]);
  const version = /Candidate: (?:\d+:)?(\d+)\.(\d+)/.exec(stdout);
  return version === null ? undefined : [Number(version[1]), Number(version[2])];
}

/**
 * Makes the backports of this Debian release known to apt, from the system's own entry with another suite, so that its
 * mirror and its key are used. Returns the release name for apt's -t, or undefined where that is not possible.
 */
export async function enableBackports() {
  const { ID, VERSION_CODENAME: codename } = osRelease();
  if (ID !== 'debian' || codename === undefined || !existsSync(SOURCES)) return undefined;
  const release = `${codename}-backports`;
  const stanzas = readdirSync(SOURCES)
    .filter((name) => name.endsWith('.sources'))
    .flatMap((name) => readFileSync(join(SOURCES, name), 'utf8').split(/\n\s*\n/));
  const suitesOf = (stanza) => /^Suites:(.*)$/m.exec(stanza)?.[1].trim().split(/\s+/) ?? [];
  if (stanzas.some((stanza) => suitesOf(stanza).includes(release))) return release;
  const main = stanzas.find((stanza) => suitesOf(stanza).includes(codename));
  if (main === undefined) return undefined;
  writeFileSync(OWN_ENTRY, `${main.replace(/^Suites:.*$/m, `Suites: ${release}`).trim()}\n`);
  if (await aptUpdate({ again: true })) return release;
  rmSync(OWN_ENTRY);
  await aptUpdate({ again: true });
  return undefined;
}
