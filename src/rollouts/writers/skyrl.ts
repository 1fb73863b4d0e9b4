/** SkyRL's dumped evaluations: `score` is one number or one a token, whose sum is the reward. */
import { finite, isArray, parsed } from '../text/json';
import { objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const skyrl: Writer = {
  name: 'SkyRL',
  keys: ['input_prompt', 'output_response', 'score'],
  rows: (row) => {
    const { input_prompt: prompt, output_response: completion, score, env_extras: given, ...rest } = row;
    const extras = objectOf(typeof given === 'string' ? parsed(given) : given);
    const { question } = objectOf(extras['extra_info']);
    const { ground_truth: truth } = objectOf(extras['reward_spec']);
    const reward = isArray(score) ? score.reduce<number>((sum, part) => sum + (finite(part) ?? 0), 0) : score;
    return [
      {
        ...rest,
        prompt,
        completion,
        reward,
        env_extras: extras,
        ...(typeof question === 'string' ? { question } : {}),
        ...(truth === undefined || truth === null ? {} : { ground_truth: truth }),
      },
    ];
  },
};
