import { Term } from '../../terms/term';
import { isTermId } from '../../terms/term-ids';

/** Words in which `[words](#entry)` opens that entry of the glossary in place. */
export function Marked({ text }: { text: string }): React.JSX.Element {
  const parts = text.split(/\[([^\]]+)\]\(#([\w-]+)\)/);
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
