import { say } from '../../../lessons/words';
import type { Told } from '../../../lessons/lesson';
import { Marked } from './marked';

/** Words of the catalogue, by their key. */
export function Words({ of, told }: { of: string; told?: Told }): React.JSX.Element {
  return <Marked text={say(of, told)} />;
}
