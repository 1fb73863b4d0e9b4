import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio } from '../../testing/page/open-studio';
import { closeRecording, showRecording } from '../run/show-recording';
import { storedSweeps } from './stored-sweeps';

afterEach(() => vi.unstubAllGlobals());

const FILE = readFileSync('public/capsules/example-sweeps.json', 'utf8');
const recording = makeFakeRecording(2);

it('fetches those of the example once, and again only where they could not be had', async () => {
  const { studio } = idleStudio();
  const answers = [new Response('', { status: 404 }), new Response('{"format":"x"}'), new Response(FILE)];
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: URL) => {
    asked.push(address.href);
    return Promise.resolve(answers.shift());
  });
  showRecording(studio, { recording, source: 'example', title: 'Example' });
  expect(await storedSweeps(studio)).toBeNull();
  expect(await storedSweeps(studio)).toBeNull();
  const sweeps = await storedSweeps(studio);
  expect(sweeps?.drafts.size).toBeGreaterThan(0);
  expect(await storedSweeps(studio)).toBe(sweeps);
  expect(asked).toEqual(Array.from({ length: 3 }, () => 'http://localhost/capsules/example-sweeps.json'));
});

it('has none for the recording of somebody else, and for no recording', async () => {
  const { studio } = idleStudio();
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(FILE)));
  showRecording(studio, { recording, source: 'file', title: 'mine.capsule' });
  expect(await storedSweeps(studio)).toBeNull();
  closeRecording(studio);
  expect(await storedSweeps(studio)).toBeNull();
});
