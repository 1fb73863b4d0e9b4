import { expect, it } from 'vitest';
import { openPage, renderPanel, textOf } from '../../testing/page/render-panel';
import { LessonLink } from './lesson-link';

/** Source of everything that is drawn, by file. */
const page = import.meta.glob<string>(['../app/*.tsx', '../panels/**/*.tsx', '!../**/*.test.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Places where nothing is yet, or nothing any more, by how they begin. */
const EMPTY = [
  'Trajectories of the newest update appear here once',
  'Each update samples a group of trajectories per question.',
  'No trajectory of this update passes the filter',
  'The most telling trajectory will stand here.',
  'is measured every ${count(every)} updates.',
  'summary === null && ',
  'This run has no refiner',
  'The file has no drafts',
  'Here you will cut a trajectory yourself.',
  'Move the scissors, or press Cut',
  'Appears after the first evaluation',
  'Each update adds a point here.',
  'A recorded run is on screen. Its weights answer here',
  'No question here has any of these words.',
  'no trajectory yet.',
  '<p className="empty small">',
];

it.each(EMPTY)('stands beside what is empty: %s', (begin) => {
  const found = Object.values(page).flatMap((source) => source.split(begin).slice(1));
  expect(found.length).toBeGreaterThan(0);
  for (const after of found) expect(after.slice(0, 420)).toMatch(/<LessonLink to=["{]/);
});

it('stands in every box that is marked as empty', () => {
  const boxes = Object.entries(page).flatMap(([file, source]) =>
    /className="(?:empty|[\w-]+-empty|[\w -]+ [\w-]+-empty)[" ]/.test(source) && !source.includes('<LessonLink')
      ? [file]
      : [],
  );
  // A lesson that is being opened is one itself.
  expect(boxes).toEqual(['../panels/lessons/runner.tsx']);
});

it('names its lesson, and is not there where the link of the page hides the views', () => {
  const { studio } = openPage();
  expect(textOf(renderPanel(studio, <LessonLink to="cut" />))).toBe('Lesson 4 explains it.');
  studio.store.setState(({ page: options }) => ({ page: { ...options, embed: true } }));
  expect(renderPanel(studio, <LessonLink to="cut" />)).toBe('');
});
