/** Turns of a chat within one text: by the marks of its template, or by what is left of them where special tokens were dropped. */

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Turn {
  role: Role;
  /** Characters [start, end) of what was said. */
  start: number;
  end: number;
}

/** Roles by the names that templates, ShareGPT and others give them. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ...(['system', 'developer', 'context'] as const).map((name) => [name, 'system'] as const),
  ...(['user', 'human', 'prompter'] as const).map((name) => [name, 'user'] as const),
  ...(['assistant', 'gpt', 'model', 'ai', 'bot', 'chatbot', 'agent', 'function_call', 'tool-call'] as const).map(
    (name) => [name, 'assistant'] as const,
  ),
  ...(
    [
      'tool',
      'function',
      'observation',
      'ipython',
      'environment',
      'function_response',
      'tool_response',
      'tool-response',
    ] as const
  ).map((name) => [name, 'tool'] as const),
]);

export function roleNamed(name: string): Role | null {
  return ROLES.get(name.toLowerCase()) ?? null;
}

const NAMES = [
  'system',
  'developer',
  'user',
  'human',
  'assistant',
  'model',
  'tool',
  'ipython',
  'observation',
  'environment',
];
const NAME = NAMES.join('|');
/** A mark that begins a turn. Each alternative has one group, the role. */
const MARKS = [
  `<\\|im_start\\|>[ \\t]{0,3}(${NAME})(?:[ \\t]name=[^\\n]{0,80})?(?:\\n|$)?`,
  `<\\|start_of_role\\|>(\\w{1,40})[^<>\\n]{0,200}<\\|end_of_role\\|>`,
  `<seed:bos>(${NAME})\\n?`,
  `<\\|(?:start_header_id|header_start)\\|>[ \\t]{0,3}(${NAME})[ \\t]{0,3}<\\|(?:end_header_id|header_end)\\|>`,
  `<start_of_turn>(${NAME})\\n?`,
  `<\\|(${NAME})\\|>`,
  `<｜(User|Assistant)｜>`,
  // Kimi, whose tools go by their own names, and gpt-oss.
  `<\\|im_(?:system|user|assistant)\\|>([^<|\\n]{1,80})<\\|im_middle\\|>`,
  `<\\|start\\|>([\\w.-]{1,80})(?=[ \\t]to=|<\\|)`,
  // Where special tokens were dropped: a line of its own, or glued to the end of what was said before (Llama 3).
  `(?<=^|\\n)(${NAME})(?=\\n|$)`,
  `(?<=[^\\s\\w])(${NAME})(?=\\n\\n)`,
];
const MARK = new RegExp(MARKS.join('|'), 'g');
const LLAMA_DROPPED = /(user|assistant|ipython)(?=\n\n)/g;
const INSTRUCTION = /\[INST\]|\[\/INST\]/g;
/** Anthropic's plain dialogues. */
const DIALOGUE = /(?<=^|\n\n)\s{0,3}(Human|Assistant):[ \t]?/g;
const isDialogue = (source: string): boolean => source.includes('\n\nAssistant:') && source.includes('Human:');
/** Marks that say nothing by themselves, and the heads of harmony's messages; DR Tulu cites in answers and prose: <cite id="a1">Oslo</cite>. */
const LEFTOVER =
  /(?:[ \t]to=[\w.-]{1,80})?<\|channel\|>[^<>\n]{0,120}(?:<\|constrain\|>[^<>\n]{0,40})?<\|message\|>|<\/?cite(?:\s[^<>]{0,400})?>|<\|[a-zA-Z_]{1,40}\|>|<seed:[be]os>|<(?:end|start)_of_turn>|<｜[^｜<>\n]{1,40}｜>|<\/?s>|<bos>|<eos>/g;

/** @param first role of what stands before the first mark */
export function turnsOf(source: string, first: Role): Turn[] {
  const turns: Turn[] = [];
  let [role, from] = [first, 0];
  const end = (at: number): void => {
    if (at > from) turns.push({ role, start: from, end: at });
  };
  for (const mark of marksIn(source)) {
    end(mark.start);
    role = mark.role;
    from = mark.end;
  }
  end(source.length);
  return turns;
}

function marksIn(source: string): { role: Role; start: number; end: number }[] {
  if (source.includes('[INST]')) {
    return Array.from(source.matchAll(INSTRUCTION), (match) => ({
      role: match[0] === '[INST]' ? ('user' as const) : ('assistant' as const),
      start: match.index,
      end: match.index + match[0].length,
    }));
  }
  if (isDialogue(source)) {
    return Array.from(source.matchAll(DIALOGUE), (match) => ({
      role: match[1] === 'Human' ? ('user' as const) : ('assistant' as const),
      start: match.index,
      end: match.index + match[0].length,
    }));
  }
  if (!mayHoldMarks(source)) return [];
  const pattern = /^system\n\n/.test(source) ? LLAMA_DROPPED : MARK;
  return Array.from(source.matchAll(pattern), (match) => ({
    role: roleNamed(match.slice(1).find(Boolean) ?? '') ?? 'tool',
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Names by their last letter. */
const ENDING = new Map(
  NAMES.map((name) => [name.charCodeAt(name.length - 1), NAMES.filter((one) => one.endsWith(name.slice(-1)))]),
);

/** False where all of it is one turn. */
export function mayHoldTurns(source: string): boolean {
  return source.includes('[INST]') || isDialogue(source) || mayHoldMarks(source);
}

/** Whether the pattern, which looks at every character, has anything to find: most texts have no turns. */
function mayHoldMarks(source: string): boolean {
  if (source.includes('<|') || source.includes('<｜') || source.includes('<start_of_turn>')) return true;
  if (source.includes('<seed:bos>')) return true;
  for (let end = source.indexOf('\n'); ; end = source.indexOf('\n', end + 1)) {
    const at = end < 0 ? source.length : end;
    if (ENDING.get(source.charCodeAt(at - 1))?.some((name) => source.endsWith(name, at))) return true;
    if (end < 0) return false;
  }
}

/** Without the marks that a template leaves behind. */
export function withoutMarks(source: string): string {
  return source.includes('<') ? source.replace(LEFTOVER, '') : source;
}
