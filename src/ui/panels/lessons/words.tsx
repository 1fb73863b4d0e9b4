import { say } from '../../../lessons/words';
import type { Told } from '../../../lessons/lesson';
import { Term } from '../../terms/term';
import { isTermId } from '../../terms/term-ids';

/** Words of the catalogue: `[words](#entry)` opens that entry of the glossary in place. */
export function Words({ of, told }: { of: string; told?: Told }): React.JSX.Element {
  const parts = say(of, told).split(/\[([^\]]+)\]\(#([\w-]+)\)/);
  return (
    <>
      {parts.map((part, i) => {
        if (i % 3 === 0) return part;
        const id = parts[i + 1] ?? '';
        if (i % 3 === 1 && isTermId(id)) {
          return (
            <Term key={i} id={id}>
              {part}
            </Term>
          );
        }
        return i % 3 === 1 ? part : null;
      })}
    </>
  );
}
