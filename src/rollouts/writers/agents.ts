/** Agents of other makes, whose turns are no chat or lie deep: smolagents, DSPy, AutoGen, LlamaIndex, Pydantic AI. */
import { first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { partsText } from './chat';

/** smolagents: the steps of its memory, each with what the model said, its calls and what they brought; under whatever key people keep them. */
export const smolagents: Writer = {
  name: 'smolagents',
  keys: [],
  mine: (row) => memoryIn(row) !== undefined,
  rows: (row) => {
    const [key = '', steps] = memoryIn(row) ?? [];
    const turns = listOf(steps).filter(isObject).flatMap(smolagentsStep);
    // Its last call says the answer, where it made one.
    const ended = JSON.stringify(turns.at(-1)?.['tool_calls'] ?? '').includes('"final_answer"');
    const answer = ended ? null : text(first(row, SAID));
    const messages = [...turns, ...(answer === null ? [] : [{ role: 'assistant', content: answer }])];
    return [
      { ...without(row, [key, 'task', ...SAID]), ...known({ question: row['question'] ?? row['task'] }), messages },
    ];
  },
};

function memoryIn(row: JsonObject): readonly [key: string, steps: unknown] | undefined {
  return Object.entries(row).find(
    ([, value]) => isArray(value) && value.length > 0 && value.every(isObject) && value.some(isMemoryStep),
  );
}

const SAID = ['prediction', 'output'];

const isMemoryStep = (step: JsonObject): boolean =>
  'observations' in step && ('tool_calls' in step || 'model_output' in step) && !('role' in step);

function smolagentsStep(step: JsonObject): JsonObject[] {
  const calls = listOf(step['tool_calls']);
  const found = step['observations'];
  const said = text(step['model_output']) ?? '';
  const asked = text(step['task']);
  if (asked !== null) return [{ role: 'user', content: asked }];
  if (said === '' && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content: calls.length > 0 ? '' : said,
      ...(calls.length > 0 ? { reasoning_content: said, tool_calls: calls } : {}),
    },
    ...(typeof found === 'string' && found !== '' ? [{ role: 'tool', content: found }] : []),
  ];
}

/** DSPy's ReAct: `thought_0`, `tool_name_0`, `tool_args_0`, `observation_0`, .., and the answer beside them. */
export const dspy: Writer = {
  name: 'DSPy’s ReAct',
  keys: ['trajectory'],
  mine: ({ trajectory }) => isObject(trajectory) && 'tool_name_0' in trajectory,
  rows: (row) => {
    const turns = objectOf(row['trajectory']);
    const count = Object.keys(turns).filter((key) => key.startsWith('tool_name_')).length;
    const messages = Array.from({ length: count }, (_, k) => dspyTurn(turns, k)).flat();
    // Where another key has the right answer, `answer` is what was predicted.
    const said = text(row['answer']);
    const right = first(row, [
      'gold_answer',
      'golden_answers',
      'gold',
      'expected_answer',
      'ground_truth',
      'reference_answer',
    ]);
    const isSaid = said !== null && right !== undefined;
    const predicted = isSaid ? said : text(first(row, ['prediction', 'predicted_answer', 'pred']));
    return [
      {
        ...without(row, ['trajectory', ...(isSaid ? ['answer'] : [])]),
        messages: [...messages, ...(predicted === null ? [] : [{ role: 'assistant', content: predicted }])],
      },
    ];
  },
};

function dspyTurn(turns: JsonObject, k: number): JsonObject[] {
  const [name, given, found] = [turns[`tool_name_${k}`], turns[`tool_args_${k}`], turns[`observation_${k}`]];
  const thought = text(turns[`thought_${k}`]);
  if (name === 'finish')
    return thought === null ? [] : [{ role: 'assistant', content: '', reasoning_content: thought }];
  const call = { id: `call ${k}`, type: 'function', function: { name, arguments: given } };
  return [
    { role: 'assistant', content: '', tool_calls: [call], ...known({ reasoning_content: thought }) },
    { role: 'tool', tool_call_id: `call ${k}`, content: found ?? '' },
  ];
}

/** AutoGen: texts and events, each by the agent that it is of; or what its models were told, as agents and teams save their state. */
export const autogen: Writer = {
  name: 'AutoGen',
  keys: [],
  mine: (row) => autogenChat(row) !== null,
  rows: (row) => [
    {
      ...without(row, ['agent_states', 'llm_context']),
      messages: listOf(autogenChat(row)).filter(isObject).flatMap(autogenTurn),
    },
  ],
};

const AUTOGEN = /^(?:ToolCall\w{1,30}Event|(?:Text|User|Assistant)Message)$/;

/** Of a team the thread of all its agents, else the longest of theirs. */
function autogenChat({ messages, llm_context: context, agent_states: states }: JsonObject): readonly unknown[] | null {
  if (messages === undefined && context === undefined && states === undefined) return null;
  const chats = Object.values(objectOf(states)).map((state) => {
    const { message_thread: thread, agent_state: inner } = objectOf(state);
    return listOf(thread ?? objectOf(objectOf(inner)['llm_context'])['messages']);
  });
  const all = [messages, objectOf(context)['messages'], ...chats].map(listOf);
  const told = all.filter((chat) => chat.some((turn) => AUTOGEN.test(text(objectOf(turn)['type']) ?? '')));
  return told.sort((one, other) => other.length - one.length)[0] ?? null;
}

function autogenTurn({ source, type, content, thought }: JsonObject): JsonObject[] {
  const list = listOf(content).filter(isObject);
  if (type === 'ToolCallRequestEvent' || (type === 'AssistantMessage' && list.length > 0)) {
    const calls = list.map(({ id, name, arguments: given }) => ({
      id,
      type: 'function',
      function: { name, arguments: given },
    }));
    return [{ role: 'assistant', content: '', tool_calls: calls, ...known({ reasoning_content: thought }) }];
  }
  if (type === 'ToolCallExecutionEvent' || type === 'FunctionExecutionResultMessage') {
    return list.map((one) => ({ role: 'tool', tool_call_id: one['call_id'], content: one['content'] ?? '' }));
  }
  // It says the results again.
  if (type === 'ToolCallSummaryMessage') return [];
  const named = /^(User|System)Message$/.exec(text(type) ?? '')?.[1];
  if (type === 'ThoughtEvent') return [{ role: 'assistant', content: '', reasoning_content: text(content) ?? '' }];
  return [
    {
      role: named?.toLowerCase() ?? (source === 'user' || source === 'system' ? source : 'assistant'),
      content: text(content) ?? partsText(content),
      ...known({ reasoning_content: thought }),
    },
  ];
}

/** LlamaIndex: the context of a run as it is saved, in which the memory of its agent is text. */
export const llamaIndexContext: Writer = {
  name: 'LlamaIndex’ context of a run',
  keys: ['state', 'is_running'],
  mine: (row) => chatsOfContext(row).length > 0,
  rows: (row) => chatsOfContext(row).map((messages) => ({ messages })),
};

function chatsOfContext({ state }: JsonObject): readonly unknown[] {
  const { memory } = objectOf(objectOf(objectOf(state)['state_data'])['_data']);
  const kept = objectOf(typeof memory === 'string' ? parsed(memory) : memory);
  return Object.values(objectOf(objectOf(objectOf(kept['value'])['chat_store'])['store']));
}

/** Pydantic AI: requests and responses of parts, each of a kind. */
export const pydanticAi: Writer = {
  name: 'Pydantic AI',
  keys: [],
  mine: (row) => Object.values(row).some(isPartChat),
  rows: (row) => {
    const chats = Object.entries(row).filter(([, value]) => isPartChat(value));
    return chats.slice(0, 1).map(([key, chat]) => ({
      ...without(row, [key]),
      messages: listOf(chat)
        .filter(isObject)
        .flatMap(({ parts }) => listOf(parts).filter(isObject).map(pydanticPart)),
    }));
  },
};

function isPartChat(value: unknown): boolean {
  return (
    isArray(value) && value.length > 0 && value.every((one) => isObject(one) && isArray(one['parts']) && 'kind' in one)
  );
}

function pydanticPart(part: JsonObject): JsonObject {
  const { part_kind: kind, content, tool_name: name, tool_call_id: id, args } = part;
  if (kind === 'tool-call' || kind === 'builtin-tool-call') {
    return {
      role: 'assistant',
      content: '',
      tool_calls: [{ id, type: 'function', function: { name, arguments: args } }],
    };
  }
  if (kind === 'tool-return' || kind === 'builtin-tool-return' || kind === 'retry-prompt') {
    return { role: 'tool', tool_call_id: id, content: content ?? '' };
  }
  if (kind === 'thinking') return { role: 'assistant', content: '', reasoning_content: content };
  const role = kind === 'system-prompt' ? 'system' : kind === 'user-prompt' ? 'user' : 'assistant';
  return { role, content: isArray(content) ? partsText(content) : (content ?? '') };
}
