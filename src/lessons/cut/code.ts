/**
 * Ten choices as short text that can be read out or pasted: CUT-XXXX-XXXX-XXXX. Twelve characters of five bits each: ten hold
 * which set of drafts it is about (24 bits) and the choices (base 6, 26 bits), two a checksum modulo a prime above 2^9 and below
 * 2^10, which any wrong character and any two neighbours exchanged among the ten change.
 */
import { fnv1a64Hex } from '../../lib/hash';
import { DRAFTS, MOST_STEPS } from './data';
import type { CutData } from './data';

/** Crockford's: no letter that can be taken for a digit, and no U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHOICES = MOST_STEPS + 1;
const CHOICE_SPAN = 2 ** 26;
const SET_BITS_HEX = 6;
const PRIME = 1021;
const CODE = /CUT-?([0-9A-Z]{4})-?([0-9A-Z]{4})-?([0-9A-Z]{4})(?![0-9A-Z])/gi;

/** Tells sets of drafts apart: the same drafts, steps and refiner's choices, the same number of 24 bits. */
export function setOf({ drafts }: CutData): number {
  const told = drafts.map(({ question, draft, refiner }) => [question, refiner, draft.steps.map(({ text }) => text)]);
  return parseInt(fnv1a64Hex(new TextEncoder().encode(JSON.stringify(told))).slice(0, SET_BITS_HEX), 16);
}

function digits(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = (ALPHABET[rest % 32] ?? '') + text;
  return text;
}

function valueOf(text: string): number {
  return Array.from(text).reduce((value, char) => value * 32 + ALPHABET.indexOf(char), 0);
}

/** @param cuts of each of the ten drafts: 0 accepts, j cuts at step j */
export function encodeCuts(set: number, cuts: readonly number[]): string {
  const choices = cuts.reduce((sum, cut) => sum * CHOICES + cut, 0);
  const body = set * CHOICE_SPAN + choices;
  const text = digits(body, 10) + digits(body % PRIME, 2);
  return `CUT-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

export type ReadCode = { kind: 'cuts'; cuts: number[] } | { kind: 'otherSet' | 'damaged' };

/** @param code as it was typed: small letters, O for 0, I and L for 1, dashes or none */
export function decodeCuts(data: CutData, code: string): ReadCode {
  const typed = code
    .toUpperCase()
    .replace(/^CUT/, '')
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const [text, check] = [typed.slice(0, 10), typed.slice(10)];
  if (typed.length !== 12 || Array.from(typed).some((char) => !ALPHABET.includes(char))) return { kind: 'damaged' };
  const body = valueOf(text);
  if (body % PRIME !== valueOf(check)) return { kind: 'damaged' };
  if (Math.floor(body / CHOICE_SPAN) !== setOf(data)) return { kind: 'otherSet' };
  const cuts: number[] = [];
  for (let rest = body % CHOICE_SPAN; cuts.length < DRAFTS; rest = Math.floor(rest / CHOICES)) {
    cuts.unshift(rest % CHOICES);
  }
  const fits = cuts.every((cut, at) => cut <= (data.drafts[at]?.draft.steps.length ?? -1));
  return fits ? { kind: 'cuts', cuts } : { kind: 'damaged' };
}

export interface PastedCodes {
  everyone: number[][];
  /** Lines that nobody can be counted for, from 1. */
  refused: { line: number; text: string; why: 'otherSet' | 'damaged' | 'none' }[];
}

/** Reads a class's codes: any text, as it comes from a chat, with any number of codes a line. */
export function readCodes(data: CutData, pasted: string): PastedCodes {
  const read: PastedCodes = { everyone: [], refused: [] };
  for (const [at, text] of pasted.split('\n').entries()) {
    if (text.trim() === '') continue;
    const codes = [...text.matchAll(CODE)].map(([code]) => code);
    if (codes.length === 0) read.refused.push({ line: at + 1, text: text.trim(), why: 'none' });
    for (const code of codes) {
      const found = decodeCuts(data, code);
      if (found.kind === 'cuts') read.everyone.push(found.cuts);
      else read.refused.push({ line: at + 1, text: code, why: found.kind });
    }
  }
  return read;
}
