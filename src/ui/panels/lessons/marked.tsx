import { Term } from '../../terms/term';
import { isTermId } from '../../terms/term-ids';

/** Words in which `[words](#entry)` opens that entry of the glossary in place. */
export function Marked({ text }: { text: string }): React.JSX.Element {
  const parts = text.split(/\[([^\]]+)\]\(#([\w-]+)\)([.,:;]?)/);
  return (
    <>
      {parts.map((part, i) => {
        if (i % 4 === 0) return part;
        const id = parts[i + 1] ?? '';
        const sign = parts[i + 2] ?? '';
        if (i % 4 === 1 && isTermId(id)) {
          return (
            <Term key={i} id={id} then={sign}>
              {part}
            </Term>
          );
        }
        return i % 4 === 1 ? part + sign : null;
      })}
    </>
  );
}
