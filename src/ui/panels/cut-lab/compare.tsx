import type { Em } from '../../../lib/exact-match';
import { compareBranches } from '../../../store/lab/compare-branches';
import type { BranchColumn, Comparison } from '../../../store/lab/compare-branches';
import type { LabBranch } from '../../../store/state/lab-state';
import type { CurrentView } from '../../../store/view/current-view';
import type { PassageView, StepView } from '../../../recordings/decode-trajectory';
import { count, emText, fixed, rightness } from '../../format';
import { EvidenceGlyph } from '../../primitives/evidence';
import { Passages } from '../../primitives/passages';
import { RewardFormula } from '../../primitives/reward-formula';
import { StepLine } from '../../primitives/step-line';
import { useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import { LessonLink } from '../../primitives/lesson-link';

interface CompareProps {
  view: CurrentView;
  isDraft: boolean;
  /** Whether a person can cut it. */
  byHand?: boolean;
}

/** What lies on the bench (the draft, beside what the refiner made of it, or a branch) and the person's branch, step beside step. */
export function Compare({ view, isDraft, byHand = view.engine !== null }: CompareProps): React.JSX.Element {
  const branch = useStudioState((state) => state.lab.branch);
  const { trajectory, stored } = view;
  const compared = compareBranches(trajectory, branch?.view ?? null);
  // Struck out is what the newest decision discards: the person's cut, before there is one the refiner's.
  const struck = branch?.step ?? (trajectory.cut > 0 ? trajectory.cut : null);
  const { model, hand } = compared;
  // A file that nothing reviewed has one side, which is no draft.
  const isAlone = view.engine === null && trajectory.cut === 0 && !stored.hasRefiner;
  return (
    <>
      {compared.shared.length > 0 && (
        <details className="shared">
          <summary>
            = {compared.shared.length === 1 ? 'step 1' : `steps 1 to ${compared.shared.length}`}, the same in all
          </summary>
          <div className="shared-steps">
            {compared.shared.map((step) => (
              <StepCard key={step.number} step={step} em={trajectory.draft.em} kind="same" />
            ))}
          </div>
        </details>
      )}
      <div
        className="compare"
        data-columns={isAlone ? 1 : isDraft && byHand ? 3 : 2}
        style={{ '--rows': compared.to - compared.from + 4 }}
      >
        <Column
          title={isAlone ? 'Trajectory' : isDraft ? 'Draft' : 'Branch'}
          note={isAlone ? '' : isDraft ? 'as the actor wrote it' : 'on the bench, to be cut again'}
          column={compared.draft}
          compared={compared}
          struck={struck}
        />
        {isDraft && !isAlone && (
          <Column
            title={stored.hasRefiner ? 'Refiner' : 'Final'}
            note={
              model.cut === null
                ? stored.hasRefiner
                  ? 'accepted the draft'
                  : 'no refiner'
                : `cut at step ${model.cut}`
            }
            column={model}
            compared={compared}
            struck={null}
          />
        )}
        {hand && branch ? (
          <Column title="Your branch" note={branchNote(branch)} column={hand} compared={compared} struck={null} />
        ) : (
          byHand && (
            <section className="branch branch-empty" aria-label="Your branch">
              <h3>Your branch</h3>
              <p className="quiet">
                Move the scissors, or press Cut: what follows from your cut appears here. <LessonLink to="cut" />
              </p>
            </section>
          )
        )}
      </div>
    </>
  );
}

/** Where a person cut it, and what went on. */
function branchNote({ forced, step, update, live }: LabBranch): string {
  if (live) return `${live.note || `cut at step ${step}`}, by ${live.model}`;
  return `${forced ? 'other token in' : 'cut at'} step ${step}, weights of update ${count(update)}`;
}

const TERM_OF = {
  Trajectory: 'trajectory',
  Draft: 'draft',
  Branch: 'branch',
  Refiner: 'refiner',
  Final: 'final-trajectory',
  'Your branch': 'branch',
} as const;

interface ColumnProps {
  title: keyof typeof TERM_OF;
  note: string;
  column: BranchColumn;
  compared: Comparison;
  /** First step that is struck out. */
  struck: number | null;
}

function Column({ title, note, column, compared, struck }: ColumnProps): React.JSX.Element {
  const { side, cut } = column;
  const isDraft = column === compared.draft;
  return (
    <section className="branch" aria-label={title}>
      <h3>
        <Term id={TERM_OF[title]}>{title}</Term> <span className="quiet branch-note">{note}</span>
      </h3>
      {column.steps.slice(compared.from - 1).map((step, k) => {
        const number = compared.from + k;
        if (!step) return <div key={number} className="branch-step branch-none" />;
        const kind = isDraft
          ? struck !== null && number >= struck
            ? 'lost'
            : 'same'
          : cut !== null && number >= cut
            ? 'gained'
            : 'kept';
        return <StepCard key={number} step={step} em={side.em} kind={kind} />;
      })}
      <div className="branch-passages small">
        {!isDraft && (
          <>
            <Change sign="+" word="gained" passages={column.passages.gained} />
            <Change sign="−" word="lost" passages={column.passages.lost} />
          </>
        )}
      </div>
      <div className="branch-outcome">
        <p>
          <b>{side.answer ?? 'no answer'}</b>{' '}
          <span className="quiet">
            {rightness(side.em)}
            {side.endReason && `, ${side.endReason}`}
          </span>
          <br />
          <span className="small">
            EM {emText(side.em)}, R {fixed(side.reward)}
          </span>
        </p>
        <div className="formula small">
          <RewardFormula side={side} />
        </div>
      </div>
    </section>
  );
}

const SIGNS = { same: '=', differs: '≠', kept: '=', lost: '−', gained: '+' } as const;

interface StepCardProps {
  step: StepView;
  em: Em;
  kind: keyof typeof SIGNS;
}

export function StepCard({ step, em, kind }: StepCardProps): React.JSX.Element {
  const text = step.kind === 'search' ? `“${step.text}”` : step.text;
  return (
    <div className={`branch-step branch-${kind}`}>
      <span className="branch-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <div>
        <span className="visually-hidden">{kind === 'same' ? '' : `${kind}: `}</span>
        <span className="branch-line">
          <span className="small">{step.number}</span>
          <StepLine step={step} em={em} />
        </span>
        {kind === 'kept' ? (
          <p className="small quiet">as in the draft</p>
        ) : (
          <>
            <p>{kind === 'lost' ? <s>{text}</s> : text}</p>
            {step.passages.length > 0 && <Passages passages={step.passages} brief />}
          </>
        )}
      </div>
    </div>
  );
}

function Change({ sign, word, passages }: { sign: string; word: string; passages: PassageView[] }): React.JSX.Element {
  if (passages.length === 0) return <p className="quiet">No passage {word}.</p>;
  return (
    <div>
      <p>
        {passages.length === 1 ? '1 passage' : `${passages.length} passages`} {word}
      </p>
      <ul>
        {passages.map((passage) => (
          <li key={passage.id}>
            {sign} <EvidenceGlyph evidence={passage.evidence} /> {passage.sentence}
          </li>
        ))}
      </ul>
    </div>
  );
}
