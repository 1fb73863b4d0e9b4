/** Regenerates trajectories from given beginnings by a model server and a retriever. */
import type { LiveFormat } from './formats';
import type { LiveServer, WorldSeed } from './live-server';

export interface Regenerated {
  /** Which beginning, and which of its regenerations. */
  cut: number;
  replicate: number;
  /** What follows the beginning. */
  text: string;
  /** null where it ended without one. */
  answer: string | null;
}

export interface RegenerateOptions {
  format: LiveFormat;
  world: WorldSeed;
  /** Of replicate 0; the others have those that follow, the same for every beginning. */
  seed: bigint;
  replicates: number;
  /** Those that are there already. */
  has?: (cut: number, replicate: number) => boolean;
  temperature: number;
  /** False where there is nobody to ask: then the first search ends it. */
  retrieves?: boolean;
  signal: AbortSignal;
  /** Told each as it is finished, so that what is there is kept if the rest fails. */
  onRow: (row: Regenerated) => void;
}

export interface RegenerateFrom {
  text: string;
  /** Searches that it holds. */
  searches: number;
  /** What the model has written of the turn that goes on: the end of the text. */
  turn?: string;
}

interface Row {
  cut: number;
  replicate: number;
  text: string;
  begin: number;
  searches: number;
  turn: string;
}

/** Requests under way at once: a server that takes one prompt each should not be buried. */
const MOST_REQUESTS = 16;

/**
 * All beginnings, n times each, turn by turn. Where the server takes a seed for each prompt, all are one request a turn. Else a
 * request holds one replicate of all beginnings, as these share a seed; or a single one, where it takes one prompt.
 *
 * @throws UserError where a server refuses; AbortError where it was cancelled
 */
export async function regenerate(
  server: LiveServer,
  beginnings: readonly RegenerateFrom[],
  options: RegenerateOptions,
): Promise<void> {
  const { has, replicates, signal } = options;
  const wanted = Array.from({ length: replicates }, (_, replicate) =>
    beginnings
      .map(({ text, searches, turn = '' }, cut): Row => ({ cut, replicate, text, begin: text.length, searches, turn }))
      .filter((row) => has?.(row.cut, row.replicate) !== true),
  ).filter((rows) => rows.length > 0);
  const { seedLists, promptLists, alone } = server.shape;
  const together =
    seedLists && promptLists ? [wanted.flat()] : promptLists ? wanted : wanted.flat().map((row) => [row]);
  // Where one fails the others end too: nobody would listen.
  const failed = new AbortController();
  const own = { ...options, signal: AbortSignal.any([signal, failed.signal]) };
  const queue = together.values();
  const worker = async (): Promise<void> => {
    for (const rows of queue) if (rows.length > 0) await goOn(server, rows, own);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(alone ? 1 : MOST_REQUESTS, together.length) }, worker));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

async function goOn(
  server: LiveServer,
  begun: readonly Row[],
  { format, world, seed, temperature, signal, onRow, retrieves = true }: RegenerateOptions,
): Promise<void> {
  const { stop, maxTokens, mostSearches, topK } = format;
  let rows = begun;
  while (rows.length > 0) {
    const seeds = rows.map(({ replicate }) => seed + BigInt(replicate));
    const ask = {
      prompt: rows.map(({ text }) => text),
      seed: server.shape.seedLists ? seeds : (seeds[0] ?? seed),
      ...{ max_tokens: maxTokens, temperature, stop },
    };
    const choices = await server.complete(ask, signal);
    const going: { row: Row; query: string }[] = [];
    rows.forEach((row, k) => {
      const choice = choices[k];
      if (choice === undefined) return;
      const turn = format.read(row.turn === '' ? choice.text : joined(row.turn, choice.text, format), choice.finish);
      const text = joined(row.text.slice(0, row.text.length - row.turn.length), turn.text, format);
      if (turn.kind === 'search' && retrieves && row.searches < mostSearches)
        going.push({ row: { ...row, text, turn: '' }, query: turn.query });
      else {
        const answer = turn.kind === 'end' ? turn.answer : null;
        onRow({ cut: row.cut, replicate: row.replicate, text: text.slice(row.begin), answer });
      }
    });
    if (going.length === 0) return;
    const queries = going.map(({ query }) => query);
    const found = await server.retrieve(queries, topK, world, signal);
    rows = going.map(({ row }, k) => ({
      ...row,
      text: joined(row.text, format.insert(found[k] ?? []), format),
      searches: row.searches + 1,
    }));
  }
}

function joined(before: string, after: string, { spaced }: LiveFormat): string {
  return spaced && before !== '' && !/\s$/.test(before) && !/^\s/.test(after) ? `${before} ${after}` : before + after;
}
