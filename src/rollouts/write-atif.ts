/** A rollout as ATIF, the Agent Trajectory Interchange Format of Harbor (docs/formats.md): its final side, step by step. */
import type { JsonObject } from './text/json';
import { KEPT_LINE, keptLine } from './reading/kept-line';
import type { Rollout } from './reading/record';
import { known } from './reading/writer';
import { evidenceOf, promptTurns, stepTurns } from './told-chat';
import type { StepTurn } from './told-chat';
import { stepMessages } from './writers/atif';

/** The oldest version that has a place for all of it. */
const VERSION = 'ATIF-v1.7';

/** Whose trajectory it is. */
export interface Origin {
  /** Of the run or the file. */
  name: string;
  /** Of the row in it. */
  number: number;
}

/** One object, as a line. @param line the row as it is kept */
export function atifLine(line: string, rollout: Rollout, { name, number }: Origin): string {
  const { golds, group, step, final, cut, advantage, remarks = [] } = rollout;
  const own = final.judgedBy === 'world';
  const prompt = promptTurns(line, rollout).map(({ role, content }) => ({
    source: role === 'assistant' ? 'agent' : role,
    message: content,
  }));
  const steps = [...prompt, ...stepTurns(final).map(agentStep)].map((one, k) => ({ step_id: k + 1, ...one }));
  const { answer, em, reward, endReason } = final;
  return JSON.stringify({
    schema_version: VERSION,
    session_id: name,
    trajectory_id: `${name}/${number}`,
    agent: { name: own ? 'Cutpoint' : 'unknown', version: 'unknown' },
    steps,
    final_metrics: { total_steps: steps.length },
    extra: {
      ...known({ ground_truth: golds.length > 0 ? golds : null, reward, exact_match: em, answer, ended: endReason }),
      ...known({ training_step: step, group, advantage, cut: rollout.reviewed ? cut : null }),
      ...(remarks.length > 0 ? { labels: remarks } : {}),
      [KEPT_LINE]: keptLine(
        line,
        steps.flatMap((one) => stepMessages(one)),
      ),
    },
  });
}

function agentStep({ number, thought, content, query, results, step, tokens }: StepTurn): JsonObject {
  const call = `call_${number}`;
  return {
    source: 'agent',
    message: content,
    ...(thought === '' ? {} : { reasoning_content: thought }),
    ...(query === null
      ? {}
      : {
          tool_calls: [{ tool_call_id: call, function_name: 'search', arguments: { query } }],
          observation: { results: [{ source_call_id: call, content: results, extra: evidenceOf(step) }] },
        }),
    ...(tokens.length === 0
      ? {}
      : {
          metrics: {
            completion_tokens: tokens.length,
            logprobs: tokens.map(({ logProb }) => logProb),
            extra: { tokens: tokens.map(({ text }) => text), entropies: tokens.map(({ entropy }) => entropy) },
          },
        }),
  };
}
