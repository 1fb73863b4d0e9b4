import type { LessonPicture } from '../../../lessons/lessons';
import { OneQuestionScene } from './one-question';
import type { SceneProps } from './scene-props';

/** The one large picture of a step. */
export function Scene({
  picture,
  ...at
}: { picture: LessonPicture } & Omit<SceneProps<never>, 'data'>): React.JSX.Element {
  return <OneQuestionScene data={picture.data} {...at} />;
}
