/** Questions that a person puts to the actor: what can be asked of a world, what was answered, and worlds changed by hand. */
import type {
  AskedChain,
  DraftRow,
  PassageEdit,
  TrajectoryBatch,
  WorldDescription,
  WorldFacts,
  WorldRef,
} from '../../trainer/protocol/protocol';
import { askEngine } from '../run/ask-engine';
import type { CurrentView } from '../view/current-view';
import { decodeTrajectory, tokenWord } from '../../recordings/decode-trajectory';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import type { Studio } from '../state/studio-state';

export interface Answered {
  id: number;
  question: string;
  world: WorldRef;
  chain: AskedChain;
  replicate: number;
  /** How the world was changed, and what a person wrote into the trajectory; '' for neither. */
  edits: readonly PassageEdit[];
  note: string;
  batch: TrajectoryBatch;
  view: TrajectoryView;
  rightAnswer: string;
}

/** Relations that lead on from an entity to a single object that is not among those visited, with that object. */
export function nextHops(
  { facts, single }: WorldFacts,
  visited: readonly number[],
): { relation: number; object: number }[] {
  const subject = visited.at(-1);
  return Array.from(single.keys())
    .filter((f) => single[f] === 1 && facts[3 * f] === subject && !visited.includes(facts[3 * f + 2] ?? -1))
    .map((f) => ({ relation: facts[3 * f + 1] ?? 0, object: facts[3 * f + 2] ?? 0 }));
}

/** Entities that a chain passes, its start first; as far as the chain leads. */
export function visitedBy(facts: WorldFacts, start: number, relations: readonly number[]): number[] {
  const visited = [start];
  for (const relation of relations) {
    const hop = nextHops(facts, visited).find((one) => one.relation === relation);
    if (!hop) break;
    visited.push(hop.object);
  }
  return visited;
}

export function entityName(world: WorldDescription, entity: number): string {
  return tokenWord(world, world.entityBase + entity);
}

export function questionText(world: WorldDescription, start: number, relations: readonly number[]): string {
  let phrase = entityName(world, start);
  // Functions, since names from a file may hold "$&".
  for (const relation of relations) phrase = (world.relations[relation]?.ask ?? '{x}').replace('{x}', () => phrase);
  return phrase;
}

/** Offers of one text at most, and chains that are looked through for them. */
const MOST_OFFERS = 3;
const MOST_CHAINS = 20_000;

/** The questions that can be answered here whose words are most like those of the text (Dice's coefficient), the best first. */
export function nearestQuestions(
  world: WorldDescription,
  facts: WorldFacts,
  text: string,
): { start: number; relations: number[]; text: string }[] {
  const wanted = wordsOf(text);
  if (wanted.size === 0) return [];
  const offers: { start: number; relations: number[]; text: string; score: number }[] = [];
  let seen = 0;
  const consider = (visited: number[], relations: number[]): void => {
    if (relations.length > 0) {
      const [start = 0] = visited;
      const offer = questionText(world, start, relations);
      const words = wordsOf(offer);
      const common = [...words].filter((word) => wanted.has(word)).length;
      seen += 1;
      offers.push({ start, relations, text: offer, score: (2 * common) / (words.size + wanted.size) });
    }
    if (relations.length >= facts.maxHops || seen > MOST_CHAINS) return;
    for (const { relation, object } of nextHops(facts, visited))
      consider([...visited, object], [...relations, relation]);
  };
  for (const start of new Set(Array.from(facts.single.keys(), (f) => facts.facts[3 * f] ?? 0))) consider([start], []);
  return offers
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.relations.length - b.relations.length)
    .slice(0, MOST_OFFERS);
}

const FILLERS = new Set(['what', 'who', 'is', 'the', 'of', 'a', 'an', 'in', 'was', 'which']);

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !FILLERS.has(word)));
}

/** @throws EngineRefusal */
export async function loadFacts(studio: Studio, world: WorldRef): Promise<WorldFacts> {
  return (await askEngine(studio, 'facts', (id) => ({ type: 'facts', id, world }))).facts;
}

/** @throws EngineRefusal */
export async function ask(
  studio: Studio,
  question: Pick<Answered, 'world' | 'chain' | 'edits' | 'replicate' | 'note'> & { weights?: number },
): Promise<Answered> {
  const { note, ...rest } = question;
  const { id, batch } = await askEngine(studio, 'answered', (ask) => ({ type: 'ask', id: ask, ...rest }));
  return answered(studio, id, { ...question, note }, batch);
}

/**
 * Puts another query into a search step and goes on from there, in the world that the text was written in.
 *
 * @param query one or two tokens
 * @throws EngineRefusal
 */
export async function askWithQuery(
  studio: Studio,
  before: Answered,
  step: number,
  query: readonly number[],
): Promise<Answered> {
  const world = worldOf(studio);
  const draft = draftOf(before);
  const { special } = world;
  const [start = 0] = draft.stepStarts.subarray(step - 1, step);
  const position = draft.tokens.indexOf(special.search, start) + 1;
  const { world: ref, chain, edits } = before;
  const { id, update, side } = await askEngine(studio, 'continued', (ask) => ({
    ...{ type: 'continue', id: ask, draft, position, forced: [...query, special.endSearch], replicate: 0, edits },
    question: { world: ref, chain },
  }));
  const words = query.map((token) => tokenWord(world, token)).join(' · ');
  const note = `query of step ${step}: “${words}”`;
  const batch = {
    ...before.batch,
    update,
    final: side,
    cuts: Uint8Array.of(step),
    reviewLogProbs: new Float32Array(6),
  };
  return answered(studio, id, { ...before, note }, { ...batch, draft: { ...before.batch.final } });
}

/** The trajectory on screen, as a question of its own. */
export function askedRowOf(studio: Studio, { stored, trajectory }: CurrentView): WorldRef {
  const { shownPin, config } = studio.store.getState();
  const pin = shownPin === null ? undefined : studio.pins.get(shownPin);
  if (!pin) return { update: stored.batch.update, row: trajectory.row };
  return { update: pin.update, row: pin.group * config.groupSize + trajectory.row, pinned: true };
}

/** What an edit says, in words. */
export function editText(world: WorldDescription, { passages }: WorldFacts, edit: PassageEdit): string {
  if (edit.kind === 'plant') return `planted: ${passageText(world, edit)}`;
  const [source = 0, subject = 0, relation = 0, object = 0] = passages.subarray(4 * edit.passage, 4 * edit.passage + 4);
  if (edit.kind === 'remove') return `removed: ${passageText(world, { source, subject, relation, object })}`;
  return `rewritten: ${passageText(world, { source, subject, relation, object: edit.object })}`;
}

export function passageText(
  world: WorldDescription,
  { source, subject, relation, object }: { source: number; subject: number; relation: number; object: number },
): string {
  const [s, o] = [entityName(world, subject), entityName(world, object)];
  const sentence = (world.relations[relation]?.state ?? '{s} {o}').replace(/\{([so])\}/g, (_, w) =>
    w === 's' ? s : o,
  );
  return `${sentence} (${world.sources[source] ?? ''})`;
}

function worldOf({ store }: Studio): WorldDescription {
  const { world } = store.getState();
  if (world === null) throw new Error('no world is loaded');
  return world;
}

function answered(
  studio: Studio,
  id: number,
  { world: ref, chain, edits, replicate, note }: Pick<Answered, 'world' | 'chain' | 'edits' | 'replicate' | 'note'>,
  batch: TrajectoryBatch,
): Answered {
  const world = worldOf(studio);
  const hasRefiner = studio.store.getState().config.refiner !== 'none';
  const view = decodeTrajectory(batch, world, 0, hasRefiner);
  const rightAnswer = tokenWord(world, batch.answers[0] ?? 0);
  return {
    id,
    question: batch.questions[0] ?? '',
    world: ref,
    chain,
    replicate,
    edits,
    note,
    batch,
    view,
    rightAnswer,
  };
}

/** Its final text is what is gone on from. */
function draftOf({ batch, world }: Answered): DraftRow {
  const { tokens, logProbs, entropies, stepStarts, stepCounts, passages } = batch.final;
  const asked = 'heldOut' in world ? { update: 0, row: 0 } : world;
  return { ...asked, tokens, logProbs, entropies, stepStarts, steps: stepCounts[0] ?? 1, passages };
}
