/**
 * verifiers 0.4 and prime-rl: an Episode, whose traces are trees of messages; the path to the newest leaf is the rollout, those to
 * the other leaves are branches of it.
 */
import { finite, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { withBranches } from './branches';
import { plainMessages } from './chat';
import { countsIn, numbersIn, spread, withTokens } from '../reading/token-columns';
import type { Numbers } from '../reading/token-columns';
import { listOf, nameOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const verifiers: Writer = {
  name: 'verifiers',
  keys: ['traces', 'task'],
  rows: (episode) => {
    const traces = listOf(episode['traces']).filter(isObject);
    const step = objectOf(objectOf(episode['run'])['work'])['step'];
    const group = nameOf(objectOf(episode['group'])['id']);
    return traces.map((trace): JsonObject => {
      const data = { ...objectOf(objectOf(episode['task'])['data']), ...objectOf(objectOf(trace['task'])['data']) };
      const agent = traces.length > 1 ? nameOf(objectOf(trace['agent'])['name']) : null;
      return traceRow(trace, data, {
        ...(finite(step) === null ? {} : { step }),
        ...(group === null ? {} : { group: agent === null ? group : `${group} ${agent}` }),
      });
    });
  },
};

function traceRow(trace: JsonObject, data: JsonObject, rest: JsonObject): JsonObject {
  const nodes = listOf(trace['nodes']).map(objectOf);
  const parents = new Set(nodes.map(({ parent }) => parent));
  const leaves = nodes.map((_, k) => k).filter((k) => !parents.has(k));
  const main = pathTo(nodes, leaves.at(-1) ?? -1);
  const paths = [main, ...leaves.slice(0, -1).map((leaf) => pathTo(nodes, leaf))];
  const reward = weighted(objectOf(trace['rewards']));
  const advantage = main.map((node) => advantageOf(node)).findLast((value) => value !== null);
  const question = text(data['question']) ?? text(data['prompt']);
  const { answer } = data;
  return {
    ...rest,
    ...(question === null ? {} : { question }),
    ...(answer === undefined || answer === null ? {} : { answer }),
    ...(reward === null ? {} : { reward }),
    ...(advantage === undefined ? {} : { advantage }),
    messages: chatOf(main),
    ...withBranches(paths, (node) => node, chatOf),
    ...tokensOf(main),
  };
}

/** Nodes from the root to the one at `leaf`; a parent stands before its child. */
function pathTo(nodes: readonly JsonObject[], leaf: number): JsonObject[] {
  const path: JsonObject[] = [];
  for (let at = leaf; at >= 0;) {
    const node = nodes[at];
    if (node === undefined) break;
    if (isObject(node['message'])) path.push(node);
    const parent = finite(node['parent']);
    at = parent !== null && parent < at ? parent : -1;
  }
  return path.reverse();
}

function chatOf(path: readonly JsonObject[]): JsonObject[] {
  return plainMessages(path.map(({ message }) => message));
}

/** Its lists of numbers hold those of sampled tokens alone; ids and mask are of all. */
function tokensOf(path: readonly JsonObject[]): JsonObject {
  const masks = path.map((node) => countsIn(node['mask']) ?? []);
  const ids = path.flatMap((node) => countsIn(node['token_ids']) ?? []);
  const mask = masks.flat();
  if (ids.length !== mask.length) return {};
  const column = (key: string): Numbers | null => {
    if (!path.some((node) => numbersIn(node[key]) !== null)) return null;
    return path.flatMap((node, k) => spread(numbersIn(node[key]) ?? [], masks[k] ?? []));
  };
  return withTokens({
    ...{ ids, mask, logProbs: column('logprobs'), current: column('trainer_logprobs') },
    ...{ reference: column('reference_logprobs'), entropies: column('entropies'), advantages: column('advantages') },
    messages: masks.map(({ length }) => length),
    names: { logProbs: 'logprobs', current: 'trainer_logprobs', reference: 'reference_logprobs' },
  });
}

/** Of a node that was sampled, the same at each of its tokens. */
function advantageOf(node: JsonObject): number | null {
  return finite(listOf(node['advantages']).at(-1));
}

function weighted(rewards: JsonObject): number | null {
  const parts = Object.values(rewards).flatMap((reward) => {
    const { score, weight } = isObject(reward) ? reward : { score: reward, weight: 1 };
    const value = finite(score);
    return value === null ? [] : [value * (finite(weight) ?? 1)];
  });
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
}
