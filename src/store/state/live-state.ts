/** The model server, retriever and judge that `npm start -- --model URL ..` named, as the page knows them. */
import type { Abilities } from '../../rollouts/live/probe';
import type { Post } from '../../rollouts/live/live-server';

export interface LiveServers {
  /** Addresses as they were named. */
  model: string;
  modelName: string | null;
  retriever: string | null;
  judge: string | null;
}

export interface LiveState {
  servers: LiveServers;
  /** What the server was seen to do; null while it is probed, and where that failed. */
  abilities: Abilities | null;
  /** Why it cannot be used, and what to do. */
  problem: string | null;
  probing: boolean;
  /** Whether it was probed with a text of the opened file, from which its model writes more. */
  withText: boolean;
  post: Post;
}
