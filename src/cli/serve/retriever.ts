/** `POST /retrieve`: the search engine of a world, by the protocol of Search-R1's retrieval server. */
import type { World } from '../../env/world';
import { BM25_SCALE, retrieveTopK, scorePassages, TOP_K } from '../../retrieval/bm25';
import type { ServedModel } from './open-model';
import type { Tokenizer } from './tokenizer';

export interface FoundDocument {
  id: string;
  /** As Search-R1's corpora have it: the title in quotes on a line of its own, here the source; then the passage's four words. */
  contents: string;
}

export type Retrieved = { document: FoundDocument; score: number } | FoundDocument;

/** A refusal as FastAPI says it, which that server is made with. */
export class FieldError extends Error {
  constructor(
    private readonly field: string,
    message: string,
    private readonly type: string,
  ) {
    super(message);
  }

  get body(): object {
    return { detail: [{ type: this.type, loc: ['body', this.field], msg: this.message }] };
  }
}

const MOST_QUERIES = 1024;
const MOST_TOP_K = 1000;
const WORLDS_KEPT = 16;

export class Retriever {
  private readonly worlds = new Map<number, World>();

  /** @param world of requests that name none */
  constructor(
    private readonly model: Pick<ServedModel, 'family' | 'config'>,
    private readonly world: World,
    private readonly tokenizer: Tokenizer,
  ) {}

  /**
   * @param body `queries`, `topk` (3 by default), `return_scores`; ours: `world_seed`, to search another world of the family
   * @throws FieldError that says which key is wrong
   */
  retrieve(body: Readonly<Record<string, unknown>>): { result: Retrieved[][] } {
    const queries = readQueries(body['queries']);
    const topK = readInteger(body['topk'], 'topk', 1, MOST_TOP_K) ?? TOP_K;
    const scored = readFlag(body['return_scores'], 'return_scores');
    const world = this.worldOf(readInteger(body['world_seed'], 'world_seed', 0, 2 ** 32 - 1));
    // Regenerations of one cut ask for much the same.
    const found = new Map(queries.map((query): [string, Retrieved[]] => [query, []]));
    for (const query of found.keys()) found.set(query, this.search(world, query, topK, scored));
    return { result: queries.map((query) => found.get(query) ?? []) };
  }

  private search(world: World, query: string, topK: number, scored: boolean): Retrieved[] {
    const tokens = this.tokenizer.known(query);
    const scores = scorePassages(world.index, tokens);
    const ids = retrieveTopK(world.index, tokens, Math.min(topK, world.passages.length));
    return Array.from(ids, (id) => {
      const document = { id: String(id), contents: contentsOf(world, id) };
      return scored ? { document, score: (scores.get(id) ?? 0) / BM25_SCALE } : document;
    });
  }

  private worldOf(seed: number | null): World {
    if (seed === null || seed === this.world.seed) return this.world;
    const { family, config } = this.model;
    const world = this.worlds.get(seed) ?? family.draw(seed, config.noise, config);
    // The one that was asked last stands last.
    this.worlds.delete(seed);
    this.worlds.set(seed, world);
    const [oldest] = this.worlds.keys();
    if (this.worlds.size > WORLDS_KEPT && oldest !== undefined) this.worlds.delete(oldest);
    return world;
  }
}

/** What the episode inserts of a passage (informationTokens), as words. */
function contentsOf({ schema, passages }: World, id: number): string {
  const passage = passages[id];
  if (passage === undefined) return '';
  const { strings, sources, entityBase, relationBase } = schema.vocabulary;
  const tokens = [
    sources[passage.source] ?? 0,
    entityBase + passage.subject,
    relationBase + passage.relation,
    entityBase + passage.object,
  ];
  return `"${schema.sources[passage.source] ?? ''}"\n${tokens.map((token) => strings[token] ?? '').join(' ')}`;
}

function readQueries(value: unknown): string[] {
  if (value === undefined) throw new FieldError('queries', 'Field required', 'missing');
  if (!Array.isArray(value)) throw new FieldError('queries', 'Input should be a valid list', 'list_type');
  if (value.length > MOST_QUERIES) {
    throw new FieldError('queries', `List should have at most ${MOST_QUERIES} items`, 'too_long');
  }
  return value.map((query: unknown) => {
    if (typeof query === 'string') return query;
    throw new FieldError('queries', 'Input should be a list of valid strings', 'string_type');
  });
}

function readInteger(value: unknown, field: string, from: number, to: number): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new FieldError(field, `Input should be an integer from ${from} to ${to}`, 'int_type');
}

function readFlag(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new FieldError(field, 'Input should be a valid boolean', 'bool_type');
}
