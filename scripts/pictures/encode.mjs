import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCaptured } from '../lib/process.mjs';

/** Encodes WebP, with libwebp inside. Only pictures need it, so it is no dependency of the project. */
const SHARP = 'sharp@0.35.5';

/**
 * Installs the encoder where it is thrown away afterwards.
 *
 * @param {string} folder an empty one
 * @throws Error with npm's output where it cannot be installed
 */
export async function loadEncoder(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', SHARP];
  const { code, stdout, stderr } = await runCaptured('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  if (code !== 0) throw new Error(`${SHARP} cannot be installed:\n${stdout}${stderr}`.trimEnd());
  return createRequire(join(folder, 'package.json'))('sharp');
}

/** Text stays sharp, and flat areas cost next to nothing. */
const LOSSLESS = { lossless: true, effort: 6 };

/** @param {Buffer} png */
export function still(sharp, png) {
  return sharp(png).webp(LOSSLESS).toBuffer();
}

/**
 * Repeats for ever.
 *
 * @param {{png: Buffer, ms: number}[]} frames all of one size
 */
export function animation(sharp, frames) {
  const delay = frames.map(({ ms }) => ms);
  return sharp(
    frames.map(({ png }) => png),
    { join: { animated: true } },
  )
    .webp({ ...LOSSLESS, delay, loop: 0, minSize: true })
    .toBuffer();
}
