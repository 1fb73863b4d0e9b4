/**
 * Calls and their results as chat templates write them in special tokens of their own: DeepSeek, Kimi, Mistral, gpt-oss's harmony,
 * and Gemma's fences. Their names are those of `tool_call` and `tool_response`, whose answers are never tagged.
 */
import type { Tag, TagKind } from './tag';

interface Notation {
  /** Without it there is none of it. */
  mark: string;
  blocks: readonly { kind: TagKind; name: string; open: RegExp; close: RegExp | null }[];
}

const CALL = { kind: 'search', name: '|tool_call' } as const;
const RESULT = { kind: 'information', name: '|tool_response' } as const;
const THOUGHT = { kind: 'think', name: '|analysis' } as const;

/** A block between an opening and a closing token. */
const between = (block: { kind: TagKind; name: string }, open: string, close: string): Notation['blocks'][number] => ({
  ...block,
  open: new RegExp(open, 'g'),
  close: new RegExp(close, 'g'),
});

const NOTATIONS: readonly Notation[] = [
  // Llama's, up to the end of the turn.
  { mark: '<|python_tag|>', blocks: [{ ...CALL, open: /<\|python_tag\|>/g, close: null }] },
  { mark: '<|python_start|>', blocks: [between(CALL, '<\\|python_start\\|>', '<\\|python_end\\|>')] },
  // FunctionGemma.
  {
    mark: '<start_function_call>',
    blocks: [
      between(CALL, '<start_function_call>', '<end_function_call>'),
      between(
        RESULT,
        '<start_function_response>(?:response:\\w{1,80}\\{\\w{1,80}:<escape>)?',
        '(?:<escape>\\})?<end_function_response>',
      ),
    ],
  },
  // LFM2, Granite, Phi.
  {
    mark: '<|tool_',
    blocks: [
      between(CALL, '<\\|tool_call_start\\|>', '<\\|tool_call_end\\|>'),
      between(RESULT, '<\\|tool_response_start\\|>', '<\\|tool_response_end\\|>'),
      between(CALL, '<\\|tool_call\\|>', '<\\|/tool_call\\|>'),
      between(RESULT, '<\\|tool_response\\|>', '<\\|/tool_response\\|>'),
    ],
  },
  // InternLM.
  {
    mark: '<|action_start|>',
    blocks: [between(CALL, '<\\|action_start\\|>(?:<\\|\\w{1,40}\\|>)?', '<\\|action_end\\|>')],
  },
  // Command A and its elders.
  {
    mark: '<|START_',
    blocks: [
      between(CALL, '<\\|START_ACTION\\|>', '<\\|END_ACTION\\|>'),
      between(RESULT, '<\\|START_TOOL_RESULT\\|>', '<\\|END_TOOL_RESULT\\|>'),
      between({ kind: 'think', name: '|thinking' }, '<\\|START_THINKING\\|>', '<\\|END_THINKING\\|>'),
    ],
  },
  {
    mark: '<｜tool▁',
    blocks: [
      {
        ...CALL,
        // function<｜tool▁sep｜>search, then JSON in a fence; since V3.1 search<｜tool▁sep｜>{..}
        open: /<｜tool▁call▁begin｜>(?:[^<>\n]{0,80}<｜tool▁sep｜>(?:[\w.-]{1,80}\n)?)?/g,
        close: /<｜tool▁call▁end｜>/g,
      },
      { ...RESULT, open: /<｜tool▁output▁begin｜>/g, close: /<｜tool▁output▁end｜>/g },
    ],
  },
  {
    mark: '<|tool_call_begin|>',
    blocks: [
      {
        ...CALL,
        open: /<\|tool_call_begin\|>(?:[^<>\n]{0,200}<\|tool_call_argument_begin\|>)?/g,
        close: /<\|tool_call_end\|>/g,
      },
    ],
  },
  {
    mark: '[TOOL_',
    blocks: [
      {
        ...CALL,
        // A list of calls; newer ones name each before its arguments.
        open: /\[TOOL_CALLS\](?:[ \t]{0,3}[\w.-]{1,80}(?:\[CALL_ID\]\w{1,40})?\[ARGS\])?/g,
        close: null,
      },
      { ...RESULT, open: /\[TOOL_RESULTS\]/g, close: /\[\/TOOL_RESULTS\]/g },
    ],
  },
  {
    mark: '<|channel|>',
    blocks: [
      {
        ...CALL,
        // The receiver stands behind the role or behind the channel.
        open: /(?:[ \t]to=[\w.-]{1,80}[ \t]?<\|channel\|>\w{1,20}|<\|channel\|>\w{1,20}[ \t]to=[\w.-]{1,80})[ \t]?(?:<\|constrain\|>)?\w{0,20}[ \t]?<\|message\|>/g,
        close: /<\|call\|>/g,
      },
      { ...THOUGHT, open: /<\|channel\|>(?:analysis|commentary)<\|message\|>/g, close: /<\|end\|>/g },
      // What is said to the user has no block.
      { kind: 'think', name: '|final', open: /$^/g, close: /<\|channel\|>final[^<>\n]{0,40}<\|message\|>/g },
    ],
  },
];
const FENCE = /```tool_(code|output|outputs)[ \t]*\n/g;

/** Unsorted; none in most texts. */
export function templateTags(source: string): Tag[] {
  const tags = NOTATIONS.filter(({ mark }) => source.includes(mark)).flatMap(({ blocks }) =>
    blocks.flatMap(({ kind, name, open, close }) => [
      ...Array.from(source.matchAll(open), (match) => tagAt(kind, name, false, match.index, match[0].length)),
      ...(close === null
        ? []
        : Array.from(source.matchAll(close), (match) => tagAt(kind, name, true, match.index, match[0].length))),
    ]),
  );
  return source.includes('```tool_') ? [...tags, ...fences(source)] : tags;
}

function fences(source: string): Tag[] {
  return Array.from(source.matchAll(FENCE)).flatMap((match) => {
    const { kind, name } = match[1] === 'code' ? CALL : RESULT;
    const open = tagAt(kind, name, false, match.index, match[0].length);
    const end = source.indexOf('```', open.end);
    return end < 0 ? [open] : [open, tagAt(kind, name, true, end, 3)];
  });
}

function tagAt(kind: TagKind, name: string, closes: boolean, start: number, length: number): Tag {
  return { kind, name, closes, start, end: start + length, attributes: '', special: true };
}
