/**
 * Notations in which a word at the beginning says what follows, up to the next one: ReAct (Thought, Action, Observation), Qwen-Agent's
 * ✿FUNCTION✿, and gpt-oss's harmony where the special tokens were dropped. Each part gets a tag at its beginning and its end.
 */
import type { Tag, TagKind } from './tag';

interface Label {
  /** null where what follows are words without a tag. */
  kind: TagKind | null;
  start: number;
  /** Where what it says begins. */
  end: number;
  attributes?: string;
}

/** Unsorted; none in most texts. */
export function labelledTags(source: string): Tag[] {
  const labels = reactLabels(source) ?? qwenLabels(source) ?? harmonyLabels(source) ?? [];
  return labels.flatMap(({ kind, start, end, attributes = '' }, k): Tag[] => {
    const to = labels[k + 1]?.start ?? source.length;
    const tag = { name: `|label ${k}`, attributes, special: true };
    if (kind === null) return [{ ...tag, kind: 'think', closes: true, start, end }];
    return [
      { ...tag, kind, closes: false, start, end },
      { ...tag, kind, closes: true, start: to, end: to },
    ];
  });
}

const REACT =
  /(?<=^|\n)[ \t]{0,9}\*{0,2}(Thought|Action Input|Action|Observation|Final Answer|Answer)(?:[ \t]{0,3}\d{1,3})?\*{0,2}[ \t]{0,3}:\*{0,2}/g;
const REACT_KINDS: Readonly<Record<string, TagKind>> = {
  ...{ Thought: 'think', Action: 'search', 'Action Input': 'search', Observation: 'information' },
  ...{ 'Final Answer': 'answer', Answer: 'answer' },
};

/** With an action, or a turn that can be nothing else. */
function reactLabels(source: string): Label[] | null {
  if (!source.includes('Action') && !source.includes('Observation') && !source.includes('Thought')) return null;
  const found = Array.from(source.matchAll(REACT));
  const names = found.map(([, name = '']) => name);
  const begins = found[0]?.index === source.length - source.trimStart().length ? names[0] : undefined;
  const isReact = names.includes('Action') || begins === 'Observation' || (begins === 'Thought' && names.length > 1);
  if (!isReact) return null;
  return found.flatMap((match, k): Label[] => {
    const [whole, name = ''] = match;
    const [start, end] = [match.index, match.index + whole.length];
    const kind = REACT_KINDS[name] ?? 'think';
    // "Action: Search", then on a line of its own what is searched for.
    if (name === 'Action' && names[k + 1] === 'Action Input') return [];
    if (name !== 'Action Input') return [{ kind, start, end }];
    const action = names[k - 1] === 'Action' ? found[k - 1] : undefined;
    if (action === undefined) return [{ kind, start, end }];
    const tool = source
      .slice(action.index + action[0].length, start)
      .trim()
      .replace(/["\n]/g, ' ');
    return [{ kind, start: action.index, end, attributes: `name="${tool}"` }];
  });
}

const QWEN = /✿FUNCTION✿:\s{0,9}([\w.-]{1,80})\s{0,9}(?:✿ARGS✿:)?|✿(RESULT|RETURN)✿:/g;

function qwenLabels(source: string): Label[] | null {
  if (!source.includes('✿')) return null;
  return Array.from(source.matchAll(QWEN), (match): Label => {
    const [whole, tool, other] = match;
    const span = { start: match.index, end: match.index + whole.length };
    if (tool !== undefined) return { kind: 'search', ...span, attributes: `name="${tool}"` };
    return { kind: other === 'RESULT' ? 'information' : 'answer', ...span };
  });
}

/** <|channel|>analysis<|message|>.. without its tokens: analysis.., assistantcommentary to=functions.search json{..}, assistantfinal.. */
const HARMONY =
  /[\w.]{1,80} to=assistant(?:commentary)?|(?:(?<=^|\n|\})|assistant)(?:(?:analysis|commentary)? ?to=[\w.-]{1,80} ?(?:commentary|analysis)? ?(?:json|code)?(?=[\s{])|analysis(?=\S)|final(?=[^\sa-z]))/g;

function harmonyLabels(source: string): Label[] | null {
  if (!/^\s{0,9}analysis|assistantfinal|assistantcommentary/.test(source)) return null;
  return Array.from(source.matchAll(HARMONY), (match): Label => {
    const [whole] = match;
    const span = { start: match.index, end: match.index + whole.length };
    if (/ to=assistant/.test(whole)) return { kind: 'information', ...span };
    if (whole.includes('to='))
      return { kind: 'search', ...span, attributes: `name="${/to=([\w.-]+)/.exec(whole)?.[1] ?? ''}"` };
    return { kind: whole.endsWith('final') ? null : 'think', ...span };
  });
}
