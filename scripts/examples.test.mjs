/** The examples of docs/experiments.md: shell syntax, and arguments that the command takes. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseFlags } from '../src/config/flags';

const SCRIPTS = readdirSync('examples').filter((name) => !name.endsWith('.txt'));
const arms = readFileSync('examples/arms.txt', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

it.each(SCRIPTS)('%s is valid shell', (name) => {
  const { status, stderr } = spawnSync('bash', ['-n', `examples/${name}`], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it.each(arms)('arm %s has valid arguments', (line) => {
  const [, ...args] = line.split(' ');
  const [, before, after] =
    /experiment (.*) "\$\{arguments\[@\]\}" ([^]*)$/.exec(readFileSync('examples/run-one.sh', 'utf8')) ?? [];
  const words = `${before} ${args.join(' ')} ${after}`
    .replaceAll('\\\n', ' ')
    .replaceAll('"$seed"', '3')
    .replaceAll('"', '')
    .trim()
    .split(/\s+/);
  const flags = parseFlags(words);
  expect(flags.seeds?.map(({ seed }) => seed)).toEqual([3]);
  expect(flags.finalQuestions).toBe(2000);
  expect(flags.config.size).toBe(/\bsize=small\b/.test(line) ? 'small' : 'tiny');
});

it('the array of Slurm has one task for each arm and seed', () => {
  const [, last] = /--array=0-(\d+)/.exec(readFileSync('examples/slurm.sbatch', 'utf8')) ?? [];
  expect(Number(last) + 1).toBe(arms.length * 5);
});
