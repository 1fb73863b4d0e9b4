import { UserError } from '../../lib/assert';
import type { Learner } from '../../rl/learning/learner';
import type { LearnerState } from '../../rl/learning/learner-state';
import type { ShouldStop } from '../../rl/rollout/rollout';
import { AskDesk } from './ask';
import { Bench } from './bench';
import { CutLab } from './cut-lab';
import type { KeptWeights } from '../state/kept-weights';
import type { AnsweredCommand } from '../protocol/request-commands';
import type { RunEvents } from '../state/run-events';
import { TokenInspector } from './token-inspector';

/** Answers what a person asks of the weights. It is fetched with the first question: no training needs it. */
export class Desk {
  private readonly cutLab: CutLab;
  private readonly ask: AskDesk;
  private inspector: TokenInspector | null = null;
  private bench: Bench | null = null;

  /** @param first the run's first state, whose base is what the KL term refers to; null while it is not there yet */
  constructor(
    private readonly events: RunEvents,
    private readonly kept: KeptWeights,
    private readonly steady: ShouldStop,
    private readonly first: () => LearnerState | null,
  ) {
    this.cutLab = new CutLab(events, kept);
    this.ask = new AskDesk(events, kept);
  }

  /** The learner is gone, and with it every buffer that was made from it. */
  forgetLearner(): void {
    this.inspector = null;
    this.bench = null;
  }

  /** @throws UserError what a person can mend. @throws RolloutAborted */
  async answer(learner: Learner, command: AnsweredCommand): Promise<void> {
    const { cutLab, ask, steady } = this;
    switch (command.type) {
      case 'sweep':
        return cutLab.sweep(this.benchOf(learner), command, steady);
      case 'cut':
        return cutLab.cut(this.benchOf(learner), command, steady);
      case 'continue':
        return ask.continue(this.benchOf(learner), command, steady);
      case 'ask':
        return ask.ask(this.benchOf(learner), command, steady);
      case 'facts':
        return ask.facts(this.benchOf(learner), command);
      default: {
        const inspector = this.inspectorOf(learner);
        return inspector === null ? undefined : this.inspect(inspector, learner, command);
      }
    }
  }

  private async inspect(
    inspector: TokenInspector,
    learner: Learner,
    command: Extract<AnsweredCommand, { type: 'inspect' | 'attention' | 'alternatives' | 'change' }>,
  ): Promise<void> {
    const { events, kept } = this;
    const { id, tokens } = command;
    if (command.type === 'change') {
      const weights = kept.findUpdate(learner, command.update);
      if (weights === null) throw noLongerKept(command.update);
      return events.changed(id, await inspector.change(command, weights));
    }
    const weights = kept.find(learner, command.weights);
    if (command.type === 'inspect') events.inspection(id, await inspector.inspect(tokens, weights));
    else if (command.type === 'attention')
      events.attention(id, await inspector.attention(tokens, command.position, weights));
    else events.alternatives(id, await inspector.alternatives(tokens, command.position, weights));
  }

  private benchOf(learner: Learner): Bench {
    if (this.bench?.learner !== learner) this.bench = new Bench(learner);
    return this.bench;
  }

  private inspectorOf(learner: Learner): TokenInspector | null {
    const base = this.first()?.base;
    if (base !== undefined) this.inspector ??= new TokenInspector(learner, base);
    return this.inspector;
  }
}

function noLongerKept(update: number): UserError {
  return new UserError(
    `The weights before and after update ${update} are not kept.`,
    'They are for the newest few updates of a run: choose a trajectory of one of those.',
  );
}
