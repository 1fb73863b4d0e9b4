import type { LessonPicture } from '../../../lessons/lessons';
import { CutScene } from './scenes/cut-scene';
import { OneQuestionScene } from './scenes/one-question';
import type { SceneProps } from './scenes/scene-props';
import { SiblingsScene } from './scenes/siblings-scene';
import { ThresholdScene } from './scenes/threshold-scene';
import { TrainScene } from './scenes/train-scene';
import { WorthScene } from './scenes/worth-scene';
import { StudyScene } from './scenes/study-scene';
import { WrongScene } from './scenes/wrong-scene';

/** The one large picture of a step. */
export function Scene({
  picture,
  ...at
}: { picture: LessonPicture } & Omit<SceneProps<never>, 'data'>): React.JSX.Element {
  switch (picture.lesson) {
    case 'one-question':
      return <OneQuestionScene data={picture.data} {...at} />;
    case 'siblings':
      return <SiblingsScene data={picture.data} {...at} />;
    case 'cut':
      return <CutScene data={picture.data} {...at} />;
    case 'threshold':
      return <ThresholdScene data={picture.data} {...at} />;
    case 'train':
      return <TrainScene data={picture.data} {...at} />;
    case 'worth':
      return <WorthScene data={picture.data} {...at} />;
    case 'study':
      return <StudyScene data={picture.data} {...at} />;
    case 'wrong':
      return <WrongScene data={picture.data} {...at} />;
  }
}
