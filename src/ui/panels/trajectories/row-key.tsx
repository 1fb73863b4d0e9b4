import { EVIDENCE_CLASSES } from '../../../recordings/decode-trajectory';
import { DensityBar, EVIDENCE_HELP, EvidenceGlyph } from '../../primitives/evidence';
import { Scissors } from '../../primitives/mark';
import { Term } from '../../terms/term';

/** What the signs in a row mean. Signs only, never data. */
export function RowKey(): React.JSX.Element {
  return (
    <dl className="row-key small">
      <dt>
        <span className="node node-full" /> <span className="node" />
      </dt>
      <dd>a search that supported a new hop of the question, and one that did not</dd>
      <dt>
        <span className="node node-answer node-full" /> <span className="node node-answer" />
      </dt>
      <dd>the answer: right, wrong</dd>
      {EVIDENCE_CLASSES.map((evidence) => (
        <Evidence key={evidence} evidence={evidence} />
      ))}
      <dt>
        <DensityBar classes={['new', 'repeated', 'irrelevant']} />
      </dt>
      <dd>the passages of a search, new ones first: density is the solid share</dd>
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
      <dt>R, A</dt>
      <dd>
        <Term id="reward">reward</Term> of the final trajectory, and its <Term id="advantage">advantage</Term> within
        the group
      </dd>
      <dt>EM</dt>
      <dd>
        <Term id="exact-match">exact match</Term>, of the draft and of the final trajectory
      </dd>
      <dt>review</dt>
      <dd>
        <Term id="saved">saved</Term>, <Term id="harmed">harmed</Term>, <Term id="wasted">wasted</Term>,{' '}
        <Term id="missed">missed</Term>, <Term id="kept">kept</Term>: what it changed
      </dd>
    </dl>
  );
}

function Evidence({ evidence }: { evidence: (typeof EVIDENCE_CLASSES)[number] }): React.JSX.Element {
  return (
    <>
      <dt>
        <EvidenceGlyph evidence={evidence} />
      </dt>
      <dd>
        {evidence} passage: {EVIDENCE_HELP[evidence]}
      </dd>
    </>
  );
}
