import { useStudioState } from '../../studio-context';
import { evidenceWords } from './evidence-rule';

/** The rule behind evidence, density and grounded answers, where a file is on screen. */
export function EvidenceNote(): React.JSX.Element | null {
  const file = useStudioState((state) => state.rollouts.file);
  const words = file === null ? [] : evidenceWords(file);
  return words.length === 0 ? null : <p className="small quiet evidence-note">{words.join(' ')}</p>;
}
