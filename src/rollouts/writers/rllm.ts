/** rLLM: one episode, pretty-printed; each of its trajectories is a rollout. A step's chat holds those before it. */
import { isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { plainMessages } from './chat';
import { listOf, nameOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const rllm: Writer = {
  name: 'rLLM',
  keys: ['task', 'trajectories'],
  rows: (episode) => {
    const told = episode['task'];
    const task = objectOf(told);
    const trajectories = listOf(episode['trajectories']).filter(isObject);
    const asked = listOf(objectOf(trajectories[0])['steps']).map((step) => objectOf(step)['input'])[0];
    const question = task['question'] ?? task['prompt'] ?? task['problem'] ?? task['instruction'] ?? asked;
    const truth = task['ground_truth'] ?? task['answer'];
    // The task alone, or its name; an evaluation of several tries numbers them behind it.
    const named = nameOf(episode['task_hash']) ?? nameOf(task['id']) ?? nameOf(told);
    const group = named ?? /^(.+):\d+$/.exec(nameOf(episode['id']) ?? '')?.[1] ?? nameOf(question);
    return trajectories.map((trajectory): JsonObject => {
      const agent = trajectories.length > 1 ? nameOf(trajectory['name']) : null;
      const reward =
        trajectory['reward'] ?? (episode['is_correct'] === undefined ? null : Number(episode['is_correct']));
      return {
        step: episode['training_step'],
        group: group !== null && agent !== null ? `${group} ${agent}` : group,
        ...(typeof question === 'string' ? { question } : {}),
        ...(truth === undefined ? { metadata: task['metadata'] } : { ground_truth: truth }),
        ...(reward === null ? {} : { reward }),
        ...chatOf(trajectory),
      };
    });
  },
};

function chatOf(trajectory: JsonObject): JsonObject {
  const steps = listOf(trajectory['steps']).filter(isObject);
  const chats = steps.map((step) => plainMessages(step['chat_completions']));
  const last = chats.at(-1) ?? [];
  if (last.length === 0) {
    const said = steps.map(({ model_response: response, output }) => text(response) || text(output) || '');
    return { completion: said.join('\n') };
  }
  // Steps that begin anew (a context that is cut) are put one behind the other.
  const grows = chats.every((chat) => chat.length <= last.length && sameText(chat[0], last[0]));
  return { messages: grows ? last : chats.flatMap((chat, k) => (k === 0 ? chat : chat.filter(isSpoken))) };
}

function sameText(a: JsonObject | undefined, b: JsonObject | undefined): boolean {
  return a === undefined || a['content'] === b?.['content'];
}

function isSpoken({ role }: JsonObject): boolean {
  return role === 'assistant' || role === 'tool';
}
