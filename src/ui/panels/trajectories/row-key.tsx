import { EVIDENCE_CLASSES } from '../../../recordings/decode-trajectory';
import { DensityBar, EVIDENCE_HELP, EvidenceGlyph } from '../../primitives/evidence';
import { Scissors } from '../../primitives/mark';

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
      <dd>how likely the refiner found a cut at this step; “accept” is no cut</dd>
      <dt>R, A</dt>
      <dd>reward of the final trajectory, and its advantage within the group</dd>
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
