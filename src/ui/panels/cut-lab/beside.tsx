/** Another trajectory beside the one on screen: of this run or of another, with what differs between the two. */
import { useMemo, useState } from 'react';
import { settingOf } from '../../../config/schema';
import { besideView, candidates, dropAside, setAside } from '../../../store/lab/beside';
import type { BesideSide, Candidate, OtherSource } from '../../../store/lab/beside';
import type { CurrentView } from '../../../store/view/current-view';
import { count, emText, fixed, rightness, settingText, signed } from '../../format';
import { EvidenceGlyph } from '../../primitives/evidence';
import { RewardFormula } from '../../primitives/reward-formula';
import { useStudio, useStudioState } from '../../studio-context';
import { StepCard } from './compare';

const SOURCES: readonly { source: OtherSource; label: string }[] = [
  { source: 'aside', label: 'Set aside' },
  { source: 'update', label: 'Same question, this update' },
  { source: 'run', label: 'Same question, other updates' },
  { source: 'behind', label: 'Same question, the other run' },
];

export function Beside({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const [chosen, setChosen] = useState('');
  const ghost = useStudioState((state) => state.ghost);
  const lastRun = useStudioState((state) => state.lastRun);
  const aside = useStudioState((state) => state.setAside);
  const batchVersion = useStudioState((state) => state.batchVersion);
  const all = useMemo(
    () => candidates(studio, view),
    // What can be chosen lies in the archive, outside React: these say when to look again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [studio, view, ghost, lastRun, aside, batchVersion],
  );
  const candidate = all.find(({ id }) => id === chosen) ?? null;
  return (
    <section className="lab-part" aria-label="Beside another trajectory">
      <div className="lab-part-head">
        <h3>Beside another trajectory</h3>
        <select
          className="field beside-select"
          aria-label="Compare with"
          value={candidate?.id ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="">Compare with …</option>
          {SOURCES.map(({ source, label }) => (
            <Options key={source} label={label} all={all.filter((one) => one.source === source)} />
          ))}
        </select>
        <button type="button" className="button plain" onClick={() => setAside(studio, view)}>
          Set this one aside
        </button>
        {aside !== null && (
          <button type="button" className="button plain" onClick={() => dropAside(studio)}>
            Forget the one set aside
          </button>
        )}
      </div>
      {candidate === null ? (
        <p className="small quiet">
          Others that answered this question are offered: of this update, of other kept ones, and of the run that lies
          behind the charts{ghost === null && lastRun === null ? ' (none does now)' : ''}. To compare any other, of this
          run or another, set this one aside and go to that.
        </p>
      ) : (
        <Both view={view} candidate={candidate} />
      )}
    </section>
  );
}

function Options({ label, all }: { label: string; all: Candidate[] }): React.JSX.Element | null {
  if (all.length === 0) return null;
  return (
    <optgroup label={label}>
      {all.map(({ id, other }) => (
        <option key={id} value={id}>
          {optionText(other)}
        </option>
      ))}
    </optgroup>
  );
}

function optionText({ run, stored, place }: Candidate['other']): string {
  const { batch, rows } = stored;
  const cut = batch.cuts[place] ?? 0;
  return [
    ...(run === null ? [] : [run]),
    `update ${count(batch.update)}`,
    `#${(rows[place] ?? 0) + 1}`,
    `R ${fixed(batch.final.rewards[place])}`,
    cut > 0 ? `cut at ${cut}` : 'not cut',
  ].join(', ');
}

function Both({ view, candidate }: { view: CurrentView; candidate: Candidate }): React.JSX.Element {
  const studio = useStudio();
  const marks = useStudioState((state) => state.marks);
  const beside = useMemo(
    () => besideView(studio.store.getState(), view, candidate.other),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [studio, view, candidate, marks],
  );
  const { here, there, changes, changedBetween } = beside;
  const texts = changes.map(({ key, from, to }) => `${settingOf(key).label} ${settingText(from)} → ${settingText(to)}`);
  const steps = Math.max(here.steps.length, there.steps.length);
  return (
    <>
      <p className="small">
        <b>Settings</b> {texts.length === 0 ? 'the same' : `there → on screen: ${texts.join(', ')}`}
        {changedBetween.length > 0 && `, and changed between the two: ${changedBetween.join('; ')}`}.
      </p>
      <div className="compare" data-columns={2} style={{ '--rows': steps + 3 }}>
        <Side side={there} steps={steps} other={here} />
        <Side side={here} steps={steps} other={there} />
      </div>
    </>
  );
}

function Side({ side, other, steps }: { side: BesideSide; other: BesideSide; steps: number }): React.JSX.Element {
  const { view, title, update, question, rightAnswer } = side;
  const { final, draft, cut, verdict, advantage } = view;
  return (
    <section className="branch" aria-label={title}>
      <h3>
        {title}{' '}
        <span className="quiet branch-note">
          update {count(update)}, {cut > 0 ? `cut at step ${cut}` : 'not cut'}
          {verdict !== 'none' && verdict !== 'kept' && `, ${verdict}`}
          {question !== other.question && `: “${question}”`}
        </span>
      </h3>
      {Array.from({ length: steps }, (_, k) => {
        const own = side.steps[k];
        if (!own) return <div key={k} className="branch-step branch-none" />;
        return <StepCard key={k} step={own.step} em={final.em} kind={own.same ? 'same' : 'differs'} />;
      })}
      <div className="branch-passages small">
        {side.found.length === 0 ? (
          <p className="quiet">No passage that the other has not.</p>
        ) : (
          <>
            <p>Found by this one alone</p>
            <ul>
              {side.found.map(({ sentence, evidence }) => (
                <li key={sentence}>
                  + <EvidenceGlyph evidence={evidence} /> {sentence}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="branch-outcome">
        <p>
          <b>{final.answer ?? 'no answer'}</b>{' '}
          <span className="quiet">
            {rightness(final.em)}
            {final.em === 0 && `, right is ${rightAnswer}`}
            {final.endReason && `, ${final.endReason}`}
          </span>
          <br />
          <span className="small">
            EM {emText(final.em)}, R {fixed(final.reward)}, advantage {signed(advantage)}
            {cut > 0 && `; the draft ${draft.answer ?? 'had no answer'}, R ${fixed(draft.reward)}`}
          </span>
        </p>
        <div className="formula small">
          <RewardFormula side={final} />
        </div>
      </div>
    </section>
  );
}
