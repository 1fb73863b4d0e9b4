import type { LessonPicture } from '../../../lessons/lessons';
import { CutScene } from './cut-scene';
import { OneQuestionScene } from './one-question';
import type { SceneProps } from './scene-props';
import { SiblingsScene } from './siblings-scene';
import { ThresholdScene } from './threshold-scene';
import { TrainScene } from './train-scene';
import { WorthScene } from './worth-scene';
import { StudyScene } from './study-scene';
import { WrongScene } from './wrong-scene';

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
