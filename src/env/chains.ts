/** All questions of a world: relation chains of 1 to 3 hops, or 4, over unique (subject, relation) pairs that never revisit an entity. */
import type { PhiloxStream } from '../lib/philox';
import type { Chain, Fact } from './world-types';

/** Chains of these lengths are there whatever is asked. */
const USUAL_HOPS = 3;
/** Worlds with more chains of one length keep a uniform sample of this many: files may hold 20,000 facts. */
const MAX_CHAINS_PER_LENGTH = 20_000;

interface Edge {
  relation: number;
  fact: number;
  object: number;
}

/**
 * @param factOf index of the fact of (subject, relation), -1 unless unique
 * @param stream only read in worlds with more chains than are kept
 * @returns chains by number of hops; entry 0 is empty
 */
export function enumerateChains(
  entityCount: number,
  relationCount: number,
  facts: readonly Fact[],
  factOf: (subject: number, relation: number) => number,
  stream: PhiloxStream,
  maxHops: number,
): Chain[][] {
  const longest = Math.max(USUAL_HOPS, maxHops);
  const edges: Edge[][] = [];
  for (let e = 0; e < entityCount; e++) {
    const list: Edge[] = [];
    for (let r = 0; r < relationCount; r++) {
      const fact = factOf(e, r);
      const object = facts[fact]?.object;
      if (object !== undefined) list.push({ relation: r, fact, object });
    }
    edges.push(list);
  }
  const walks = countWalks(edges, longest);
  const chains: Chain[][] = [[]];
  for (let hops = 1; hops <= longest; hops++) {
    const total = (walks[hops] ?? []).reduce((sum, n) => sum + n, 0);
    chains.push(total <= MAX_CHAINS_PER_LENGTH ? allChains(edges, hops) : sampleChains(edges, walks, hops, stream));
  }
  return chains;
}

function allChains(edges: readonly (readonly Edge[])[], hops: number): Chain[] {
  const out: Chain[] = [];
  const visited: number[] = [];
  const path: Edge[] = [];
  const visit = (entity: number): void => {
    visited.push(entity);
    for (const edge of edges[entity] ?? []) {
      if (visited.includes(edge.object)) continue;
      path.push(edge);
      if (path.length === hops) out.push(toChain(visited[0] ?? 0, path));
      else visit(edge.object);
      path.pop();
    }
    visited.pop();
  };
  for (let start = 0; start < edges.length; start++) visit(start);
  return out;
}

function toChain(start: number, path: readonly Edge[]): Chain {
  return {
    start,
    relations: path.map((edge) => edge.relation),
    facts: path.map((edge) => edge.fact),
    answer: path[path.length - 1]?.object ?? start,
  };
}

/** `walks[h][e]` = number of walks of h hops from e, revisits included. */
function countWalks(edges: readonly (readonly Edge[])[], longest: number): number[][] {
  const walks: number[][] = [edges.map(() => 1)];
  for (let h = 1; h <= longest; h++) {
    const shorter = walks[h - 1] ?? [];
    walks.push(edges.map((list) => list.reduce((sum, edge) => sum + (shorter[edge.object] ?? 0), 0)));
  }
  return walks;
}

/** Walks drawn uniformly (each step weighted by the walks behind it); those that revisit or repeat are thrown away. */
function sampleChains(
  edges: readonly (readonly Edge[])[],
  walks: readonly (readonly number[])[],
  hops: number,
  stream: PhiloxStream,
): Chain[] {
  const out = new Map<string, Chain>();
  const cumulative: number[] = [];
  let total = 0;
  for (const n of walks[hops] ?? []) cumulative.push((total += n));
  for (let attempt = 0; attempt < 2 * MAX_CHAINS_PER_LENGTH && out.size < MAX_CHAINS_PER_LENGTH; attempt++) {
    const start = firstAbove(cumulative, stream.uniform() * total);
    const visited = [start];
    const path: Edge[] = [];
    while (path.length < hops) {
      const options = edges[visited[visited.length - 1] ?? 0] ?? [];
      const behind = walks[hops - path.length - 1] ?? [];
      const sum = options.reduce((acc, edge) => acc + (behind[edge.object] ?? 0), 0);
      let x = stream.uniform() * sum;
      const edge = options.find((option) => (x -= behind[option.object] ?? 0) < 0);
      if (!edge || visited.includes(edge.object)) break;
      path.push(edge);
      visited.push(edge.object);
    }
    if (path.length === hops) out.set(`${start}:${path.map((edge) => edge.relation).join(',')}`, toChain(start, path));
  }
  return [...out.values()];
}

/** Index of the first entry above x in a non-decreasing list (binary search). */
function firstAbove(cumulative: readonly number[], x: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
