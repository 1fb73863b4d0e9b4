import { useId, useState } from 'react';
import { readCodes } from '../../../lessons/cut/code';
import type { CutData } from '../../../lessons/cut/data';
import { classScore, valuesOf } from '../../../lessons/cut/score';
import type { ClassScore } from '../../../lessons/cut/score';
import { say } from '../../../lessons/words';
import { fixed } from '../../format';

const MOST_REFUSED = 5;

/** Adds up the codes of a class: where it cut each draft, and its regret beside the refiner's and that of chance. */
export function ClassCodes({ data }: { data: CutData }): React.JSX.Element {
  const [pasted, setPasted] = useState('');
  const id = useId();
  const { everyone, refused } = readCodes(data, pasted);
  return (
    <div className="class-codes">
      <label htmlFor={id}>{say('beat.paste')}</label>
      <textarea
        id={id}
        className="field"
        rows={5}
        spellCheck={false}
        placeholder={say('beat.pasteAs')}
        value={pasted}
        onChange={(event) => setPasted(event.target.value)}
      />
      <div role="status">
        <ul>
          {refused.slice(0, MOST_REFUSED).map(({ line, text, why }, at) => (
            <li key={at}>{say(`beat.${why}`, { line, text: text.slice(0, 40) })}</li>
          ))}
          {refused.length > MOST_REFUSED && <li>{say('beat.more', { more: refused.length - MOST_REFUSED })}</li>}
        </ul>
      </div>
      {everyone.length > 0 && <ClassResult data={data} score={classScore(data, everyone)} />}
    </div>
  );
}

function ClassResult({ data, score }: { data: CutData; score: ClassScore }): React.JSX.Element {
  const { people, beat, regret, refiner, random, counts } = score;
  const columns = Math.max(...counts.map(({ length }) => length));
  return (
    <>
      <dl className="class-score">
        {[
          ['beat.people', people],
          ['beat.classBeat', beat],
          ['beat.class', fixed(regret)],
          ['beat.classRefiner', fixed(refiner)],
          ['beat.classRandom', fixed(random)],
        ].map(([key, value]) => (
          <div key={key}>
            <dt>{say(String(key))}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <table className="beat-table class-counts">
        <caption>{say('beat.counts')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('beat.draft')}</th>
            {Array.from({ length: columns }, (_, cut) => (
              <th key={cut} scope="col">
                {cut === 0 ? say('ask.cuts.keep') : cut}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, at) => {
            const draft = data.drafts[at];
            const best = draft && valuesOf(draft).best;
            return (
              <tr key={at}>
                <th scope="row">{at + 1}</th>
                {Array.from({ length: columns }, (_, cut) => (
                  <td key={cut} data-none={row[cut] === undefined ? '' : undefined}>
                    {row[cut] !== undefined && (
                      <span
                        className="class-count"
                        data-best={cut === best ? '' : undefined}
                        style={{ '--share': row[cut] / people }}
                      >
                        {row[cut]}
                        {cut === best && <span className="visually-hidden">{say('beat.best')}</span>}
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
