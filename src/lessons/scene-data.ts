/** What lessons show of trajectories, as plain JSON: a recording holds it, and the engine's answers are put into it. */
import { EVIDENCE_CLASSES } from '../recordings/decode-trajectory';
import type { EvidenceClass, PassageView, SideView, StepView } from '../recordings/decode-trajectory';
import type { CheckedJson } from '../recordings/capsule/checked-json';

export interface ShownPassage {
  source: string;
  sentence: string;
  evidence: EvidenceClass;
}

export interface ShownStep {
  kind: 'search' | 'answer' | 'unfinished';
  /** The query or the answer, in words. */
  text: string;
  passages: readonly ShownPassage[];
  /** u_i: 1 if it supports a hop that nothing supported before. */
  useful: number;
}

export interface ShownTrajectory {
  steps: readonly ShownStep[];
  em: number;
  reward: number;
}

function showPassage({ source, sentence, evidence }: PassageView): ShownPassage {
  return { source, sentence, evidence: evidence ?? 'irrelevant' };
}

export function showStep({ kind, text, passages, useful }: StepView): ShownStep {
  return { kind, text, passages: passages.map(showPassage), useful: useful ?? 0 };
}

export function showTrajectory({ steps, em, reward }: SideView): ShownTrajectory {
  // Both are known of what our own engine makes.
  return { steps: steps.map(showStep), em: em ?? 0, reward: reward ?? 0 };
}

export function readStep(json: CheckedJson): ShownStep {
  return {
    kind: json.choice('kind', ['search', 'answer', 'unfinished']),
    text: json.text('text'),
    passages: json.objects('passages').map((passage) => ({
      source: passage.text('source'),
      sentence: passage.text('sentence'),
      evidence: passage.choice('evidence', EVIDENCE_CLASSES),
    })),
    useful: json.count('useful', 1),
  };
}

export function readTrajectory(json: CheckedJson): ShownTrajectory {
  return { steps: json.objects('steps').map(readStep), em: json.count('em', 1), reward: json.number('reward') };
}
