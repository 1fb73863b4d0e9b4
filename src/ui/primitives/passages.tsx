/** Passages as they are shown wherever some were found; their styles are the inspector's. */
import { Term } from '../terms/term';
import type { PassageView } from '../../recordings/decode-trajectory';
import { fixed } from '../format';
import { EvidenceGlyph } from './evidence';

/** @param brief without the numbers of the retrieval */
export function Passages({
  passages,
  brief = false,
}: {
  passages: readonly PassageView[];
  brief?: boolean;
}): React.JSX.Element {
  return (
    <ol className="passages">
      {passages.map((passage, k) => (
        <li key={k}>
          <EvidenceGlyph evidence={passage.evidence} />
          <span>
            <Marked text={passage.sentence} words={passage.matched} />
            {brief ? (
              <span className="small quiet">
                {' '}
                {passage.evidence ? <Term id={passage.evidence}>{passage.evidence}</Term> : 'unlabelled'}
              </span>
            ) : (
              <>
                <br />
                <span className="small quiet">
                  {passage.evidence ? <Term id={passage.evidence}>{passage.evidence}</Term> : 'unlabelled'}
                  {passage.source !== '' && (
                    <>
                      {' · '}
                      <Term id="source">{passage.source}</Term>
                    </>
                  )}
                  {passage.score !== null && (
                    <>
                      , passage {passage.id}
                      <br />
                      <Term id="bm25">BM25</Term> {fixed(passage.score)}
                      {passage.matched.length > 0 ? ` for ${passage.matched.join(', ')}` : ', no word of the query'}
                    </>
                  )}
                </span>
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The text with the words of the query marked where it has them as they are. */
function Marked({ text, words }: { text: string; words: readonly string[] }): React.JSX.Element {
  const parts: (string | React.JSX.Element)[] = [text];
  for (const word of words) {
    const place = parts.findIndex((part) => typeof part === 'string' && part.includes(word));
    const part = parts[place];
    if (typeof part !== 'string') continue;
    const at = part.indexOf(word);
    parts.splice(place, 1, part.slice(0, at), <mark key={word}>{word}</mark>, part.slice(at + word.length));
  }
  return <>{parts}</>;
}
