import { Fragment } from 'react';
import { EVIDENCE_CLASSES, VERDICTS } from '../../../recordings/decode-trajectory';
import type { EvidenceClass } from '../../../recordings/decode-trajectory';
import { DensityBar, EVIDENCE_HELP, EvidenceGlyph, LLM_CLASSES } from '../../primitives/evidence';
import { Scissors } from '../../primitives/mark';
import { Term } from '../../terms/term';
import { EvidenceNote } from '../rollouts/evidence-note';

/** Of an LLM: what counts as evidence is said beside it. */
const LLM_HELP: Readonly<Record<EvidenceClass, string>> = {
  ...EVIDENCE_HELP,
  new: 'evidence that was not found before',
  repeated: 'evidence that was found before',
  irrelevant: 'no evidence',
};

interface RowKeyProps {
  /** Whether there are drafts and reviews. */
  reviewed?: boolean;
  /** Of an LLM, whose evidence a rule judges. */
  ofLlm?: boolean;
}

/** What the signs in a row mean. Signs only, never data. */
export function RowKey({ reviewed = true, ofLlm = false }: RowKeyProps): React.JSX.Element {
  return (
    <dl className="row-key small">
      <dt>
        <span className="node node-full" /> <span className="node" />
      </dt>
      <dd>
        {ofLlm
          ? 'a search that found new evidence, and one that did not'
          : 'a search that supported a new hop of the question, and one that did not'}
      </dd>
      <dt>
        <span className="node node-answer node-full" /> <span className="node node-answer" />
      </dt>
      <dd>the answer: right, wrong</dd>
      {(ofLlm ? LLM_CLASSES : EVIDENCE_CLASSES).map((evidence) => (
        <Evidence key={evidence} evidence={evidence} help={(ofLlm ? LLM_HELP : EVIDENCE_HELP)[evidence]} />
      ))}
      {ofLlm && (
        <>
          <dt>rule</dt>
          <dd>
            <EvidenceNote />
          </dd>
        </>
      )}
      <dt>
        <DensityBar classes={['new', 'repeated', 'irrelevant']} />
      </dt>
      <dd>the passages of a search, new ones first: density is the solid share</dd>
      {reviewed && <CutSigns />}
      <dt>R, A</dt>
      <dd>
        <Term id="reward">reward</Term> of the final trajectory, and its <Term id="advantage">advantage</Term> within
        the group
      </dd>
      <dt>EM</dt>
      <dd>
        <Term id="exact-match">exact match</Term>
        {reviewed && ', of the draft and of the final trajectory'}
      </dd>
      {reviewed && <ReviewSigns />}
    </dl>
  );
}

function CutSigns(): React.JSX.Element {
  return (
    <>
      <dt className="key-cut">
        <Scissors />
      </dt>
      <dd>
        where the refiner cut: the <s>struck-out</s> rest was discarded, the branch below was regenerated
      </dd>
      <dt className="key-cut">.81</dt>
      <dd>
        how likely the <Term id="refiner">refiner</Term> found a <Term id="cut">cut</Term> at this step;{' '}
        <Term id="accept">accept</Term> is no cut
      </dd>
    </>
  );
}

function ReviewSigns(): React.JSX.Element {
  return (
    <>
      <dt>review</dt>
      <dd>
        {VERDICTS.map((id, at) => (
          <Fragment key={id}>
            <Term id={id} then={at < VERDICTS.length - 1 ? ',' : ':'}>
              {id}
            </Term>{' '}
          </Fragment>
        ))}
        what it changed
      </dd>
    </>
  );
}

function Evidence({ evidence, help }: { evidence: EvidenceClass; help: string }): React.JSX.Element {
  return (
    <>
      <dt>
        <EvidenceGlyph evidence={evidence} />
      </dt>
      <dd>
        {evidence} passage: {help}
      </dd>
    </>
  );
}
