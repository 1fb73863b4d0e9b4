/** One question to the engine and its one answer, as a promise. For views that load when they are opened. */
import type { Command, TrainerEvent } from '../../trainer/protocol/protocol';
import type { Studio } from '../state/studio-state';

type AnswerType = 'branch' | 'swept' | 'continued' | 'alternatives' | 'attention' | 'changed' | 'facts' | 'answered';
type AnswerOf<T extends AnswerType> = Extract<TrainerEvent, { type: T }>;

/** Why the engine did not answer, and what to do. */
export class EngineRefusal extends Error {
  override name = 'EngineRefusal';

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

let lastId = 0;

/** Numbers of questions, no two alike: an answer carries that of its question. */
export function nextId(): number {
  lastId += 1;
  return lastId;
}

/**
 * @param question the command with the id that it is given
 * @throws EngineRefusal where the engine refuses, fails, or is started anew before it answers
 */
export function askEngine<T extends AnswerType>(
  { client, store }: Studio,
  type: T,
  question: (id: number) => Command,
): Promise<AnswerOf<T>> {
  const id = nextId();
  const { runId } = store.getState();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stopEvents();
      stopStore();
    };
    const stopEvents = client.subscribe((event) => {
      if (!('id' in event) || event.id !== id) return;
      if (event.type === 'refused') {
        end();
        reject(new EngineRefusal(event.message, event.hint));
      } else if (isAnswer(event, type)) {
        end();
        resolve(event);
      }
    });
    const stopStore = store.subscribe((state) => {
      if (state.runId === runId && state.runState !== 'failed') return;
      end();
      reject(new EngineRefusal('The run ended before this was answered.', 'Ask again.'));
    });
    client.send(question(id));
  });
}

function isAnswer<T extends AnswerType>(event: TrainerEvent, type: T): event is AnswerOf<T> {
  return event.type === type;
}

export function refusalText(error: unknown): string {
  if (error instanceof EngineRefusal) return `${error.message} ${error.hint}`.trim();
  return error instanceof Error ? error.message : String(error);
}
