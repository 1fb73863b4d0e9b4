/** The lessons by name, in the order in which they are read: names are part of links and of what a browser remembers. */
export const LESSON_IDS = ['one-question', 'worth', 'siblings', 'cut', 'threshold', 'train', 'study', 'wrong'] as const;
export type LessonId = (typeof LESSON_IDS)[number];

export function isLessonId(id: string): id is LessonId {
  return LESSON_IDS.some((known) => known === id);
}
