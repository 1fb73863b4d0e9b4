import type { Place } from '../../../../lessons/machine';

/** What the picture of a step is drawn from. D: the data of its lesson. */
export interface SceneProps<D> {
  data: D;
  place: Place;
  /** The step that is read, and the picture that it asks for. */
  step: string;
  scene: string;
}
