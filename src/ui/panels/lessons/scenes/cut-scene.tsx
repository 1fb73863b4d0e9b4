import './cut-scene.css';
import { encodeCuts, setOf } from '../../../../lessons/cut/code';
import type { CutData, CutDraft } from '../../../../lessons/cut/data';
import { cutsOf, draftAt, inWords } from '../../../../lessons/cut/lesson';
import { regretOf, valuesOf } from '../../../../lessons/cut/score';
import { say } from '../../../../lessons/words';
import { copyCode } from '../../../../store/lessons/own-run';
import { fixed } from '../../../format';
import { useStudio } from '../../../studio-context';
import { ClassCodes } from '../class-codes';
import type { SceneProps } from './scene-props';
import { ShownSteps } from './shown-steps';
import { SweepTable } from './sweep-table';

/** A draft with the scissors where they are; once that is locked, what each cut of it is worth. Then all ten, and a class's. */
export function CutScene({ data, place, step, scene }: SceneProps<CutData>): React.JSX.Element | null {
  const cuts = cutsOf(data, place.answers);
  const [example] = data.drafts;
  const row = scene === 'example' ? example : draftAt(data, step);
  if (row !== undefined) {
    const locked = step in place.answers;
    const answer = place.answers[step] ?? place.working;
    return <Draft row={row} cut={answer?.kind === 'cuts' ? (answer.cuts[0] ?? -1) : -1} locked={locked} />;
  }
  return scene === 'class' ? <ClassCodes data={data} /> : <Result data={data} cuts={cuts} />;
}

/** Classes of passages and the right answer are told once the choice is locked: the refiner does not know them either. */
function Draft({ row, cut, locked }: { row: CutDraft; cut: number; locked: boolean }): React.JSX.Element {
  return (
    <>
      {locked && <SweepTable values={valuesOf(row)} yours={cut} refiner={row.refiner} />}
      <p className="lesson-question">{row.question}</p>
      <ShownSteps steps={row.draft.steps} classes={locked} em={locked ? row.draft.em : null} cut={cut} />
    </>
  );
}

function Result({ data, cuts }: { data: CutData; cuts: readonly number[] }): React.JSX.Element {
  return (
    <>
      <Code data={data} cuts={cuts} />
      <table className="beat-table">
        <caption>{say('beat.result')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('beat.draft')}</th>
            <th scope="col">{say('beat.yours')}</th>
            <th scope="col">{say('beat.refiners')}</th>
            <th scope="col">{say('beat.best')}</th>
          </tr>
        </thead>
        <tbody>
          {data.drafts.map((row, at) => {
            const values = valuesOf(row);
            const cut = cuts[at] ?? -1;
            return (
              <tr key={at}>
                <th scope="row">{at + 1}</th>
                <td>{cut < 0 ? '–' : <Choice cut={cut} regret={regretOf(values, cut)} />}</td>
                <td>
                  <Choice cut={row.refiner} regret={values.regret ?? NaN} />
                </td>
                <td>{inWords(values.best)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Choice({ cut, regret }: { cut: number; regret: number }): React.JSX.Element {
  return (
    <>
      {inWords(cut)} <span className="quiet">{fixed(regret)}</span>
    </>
  );
}

/** Ten choices as text, for a class that adds them up. */
function Code({ data, cuts }: { data: CutData; cuts: readonly number[] }): React.JSX.Element {
  const studio = useStudio();
  if (cuts.some((cut) => cut < 0)) return <p className="beat-code">{say('beat.codeLater')}</p>;
  const code = encodeCuts(setOf(data), cuts);
  return (
    <div className="beat-code">
      <p>
        {say('beat.code')}: <code>{code}</code>
      </p>
      <button type="button" className="button" onClick={() => void copyCode(studio, code)}>
        {say('beat.copy')}
      </button>
    </div>
  );
}
