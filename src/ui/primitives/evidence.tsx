/** Evidence classes: one colour and one pattern each, the same wherever evidence is shown. */
import './evidence.css';
import { Term } from '../terms/term';
import { EVIDENCE_CLASSES } from '../../recordings/decode-trajectory';
import type { EvidenceClass } from '../../recordings/decode-trajectory';

export const EVIDENCE_HELP: Readonly<Record<EvidenceClass, string>> = {
  new: 'supports a hop that nothing supported before',
  repeated: 'supports a hop that was supported already',
  irrelevant: 'supports no hop of this question',
  rumour: 'states a wrong object',
};

/** What passages of an LLM can be: nothing tells which of them are false. */
export const LLM_CLASSES = EVIDENCE_CLASSES.filter((evidence) => evidence !== 'rumour');

export function EvidenceGlyph({ evidence }: { evidence: EvidenceClass | null }): React.JSX.Element {
  return <span className={`glyph glyph-${evidence ?? 'none'}`} aria-hidden="true" />;
}

/** @param classes those that can be */
export function EvidenceLegend({
  classes = EVIDENCE_CLASSES,
}: {
  classes?: readonly EvidenceClass[];
}): React.JSX.Element {
  return (
    <ul className="legend small" aria-label="Evidence classes">
      {classes.map((evidence) => (
        <li key={evidence}>
          <EvidenceGlyph evidence={evidence} /> <Term id={evidence}>{evidence}</Term>
        </li>
      ))}
    </ul>
  );
}

/** The passages of one search as a bar, new ones first: how far it is solid is the density. */
export function DensityBar({ classes }: { classes: readonly (EvidenceClass | null)[] }): React.JSX.Element {
  const sorted = [...classes].sort((a, b) => rank(a) - rank(b));
  return (
    <span className="density" aria-hidden="true">
      {sorted.map((evidence, k) => (
        <EvidenceGlyph key={k} evidence={evidence} />
      ))}
    </span>
  );
}

function rank(evidence: EvidenceClass | null): number {
  return evidence === null ? EVIDENCE_CLASSES.length : EVIDENCE_CLASSES.indexOf(evidence);
}
