import { expect, it } from 'vitest';
import { configForPreset, type PresetId } from '../../../config/schema';
import { whatItIs } from './what-it-is';

it.each<[PresetId, RegExp]>([
  ['search-r2', /A refiner, the same network, reads each draft and cuts it where it went wrong; both learn/],
  ['search-r1', /Nothing reviews its drafts in this run/],
  ['separate-refiner', /A refiner, a second network, reads each draft and cuts it/],
  ['random-cut', /chance decides where one is cut/],
  ['resample', /one that is rejected begins again/],
  ['always-revise', /has to cut it somewhere/],
  ['never-revise', /nothing is cut in this run/],
  ['oracle-label', /knows the facts cuts each draft at its flawed step\.$/],
  ['oracle-wrong-only', /knows the facts cuts each wrong draft at its flawed step\.$/],
  ['oracle-reader', /without a network cuts each draft whose passages speak against it\.$/],
  ['oracle-value', /Every cut of a draft is tried, and the best one is made\.$/],
])('is true of %s', (preset, told) => {
  expect(whatItIs(configForPreset(preset))).toMatch(told);
});
