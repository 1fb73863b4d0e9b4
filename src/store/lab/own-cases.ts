/** Test cases of our own trajectories: the engine regenerates them with its present weights. */
import { UserError } from '../../lib/assert';
import { decodeTrajectory, tokenWord } from '../../recordings/decode-trajectory';
import type { DraftRow, TrajectorySide } from '../../trainer/protocol/protocol';
import { askEngine, refusalText } from '../run/ask-engine';
import type { Studio } from '../state/studio-state';
import type { CaseKind } from './case-shelf';
import { labDraft } from './cut-lab';
import { CASE_FORMAT, caseDraft, caseRefusal, caseResult, engineDraft, isTestCase, linkOf } from './test-case';
import type { TestCase } from './test-case';

export function ownCases(studio: Studio): CaseKind<TestCase> {
  return {
    ...{ key: 'cutpoint-cases', format: CASE_FORMAT, isCase: isTestCase, told: refusalText, cancels: false },
    of: (branch, id, name) => {
      const { lab, config, world } = studio.store.getState();
      const { root, draft } = lab;
      if (root === null || draft === null || world === null) return null;
      const { batch, rows } = root;
      const group = Math.floor((rows[0] ?? 0) / batch.groupSize);
      const question = batch.questions[group] ?? '';
      const { step, replicate, forced } = branch;
      return {
        ...{ id, name: name || `${question} cut at ${step}`, link: linkOf(config), question },
        rightAnswer: tokenWord(world, batch.answers[group] ?? 0),
        draft: caseDraft(labDraft(studio)),
        ...{ step, replicate, forced },
        results: [caseResult(branch.update, branch.view.final, branch.side.tokens)],
      };
    },
    refusal: (one) => caseRefusal(one, studio.store.getState().config),
    again: async (one) => {
      const { world } = studio.store.getState();
      const shown = studio.batches.newest?.batch;
      if (world === null || shown === undefined) throw new UserError('No run has begun.', 'Press Step for one update.');
      const { update, side } = await regenerate(studio, one, engineDraft(one, shown.positions));
      const batch = { ...shown, draft: side, final: side, cuts: new Uint8Array(1) };
      const single = { ...batch, reviewLogProbs: new Float32Array(6), advantages: new Float32Array(1) };
      const { final } = decodeTrajectory({ ...single, reviewAdvantages: new Float32Array(1) }, world, 0, false);
      return caseResult(update, final, side.tokens);
    },
  };
}

async function regenerate(
  studio: Studio,
  { step, replicate, forced }: TestCase,
  draft: DraftRow,
): Promise<{ update: number; side: TrajectorySide }> {
  if (forced === null) {
    return (await askEngine(studio, 'branch', (id) => ({ type: 'cut', id, draft, step, replicate }))).branch;
  }
  const { position, tokens } = forced;
  return askEngine(studio, 'continued', (id) => {
    return { type: 'continue', id, draft, position, forced: tokens, replicate, edits: [] };
  });
}
