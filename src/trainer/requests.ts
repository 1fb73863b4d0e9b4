import { UserError } from '../lib/assert';
import type { Learner } from '../rl/learner';
import type { LearnerState } from '../rl/learner-state';
import { RolloutAborted } from '../rl/rollout';
import { AskDesk } from './ask';
import type { AskCommand } from './ask-protocol';
import { Bench } from './bench';
import { CutLab } from './cut-lab';
import type { Gate } from './gate';
import type { KeptWeights } from './kept-weights';
import type { Pins } from './pins';
import type { Command } from './protocol';
import type { RunEvents } from './run-events';
import { TokenInspector } from './token-inspector';

/** Commands that are answered beside the updates, without changing any weights. */
export type RequestCommand = Extract<Command, { type: 'pin' | 'unpin' | 'inspect' | 'sweep' | 'cut' }> | AskCommand;
type AnsweredCommand = Exclude<RequestCommand, { type: 'pin' | 'unpin' }>;

/** Turns what a person asks of the weights into errands of the run. */
export class Requests {
  private readonly cutLab: CutLab;
  private readonly desk: AskDesk;
  private inspector: TokenInspector | null = null;
  private bench: Bench | null = null;

  /** @param first the run's first state, whose base is what the KL term refers to; null while it is not there yet */
  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
    private readonly pins: Pins,
    private readonly kept: KeptWeights,
    private readonly first: () => LearnerState | null,
  ) {
    this.cutLab = new CutLab(events, kept);
    this.desk = new AskDesk(events, kept);
  }

  handle(command: RequestCommand): void {
    const { errands, steady } = this.gate;
    if (command.type === 'unpin') this.pins.unpin(command.id);
    else if (command.type === 'pin')
      errands.add({ whileHeld: false, perform: (learner) => this.pins.pin(learner, command, steady) });
    else errands.add({ whileHeld: true, perform: (learner) => this.answer(learner, command) });
  }

  /** The learner is gone, and with it every buffer that was made from it. */
  forgetLearner(): void {
    this.inspector = null;
    this.bench = null;
  }

  /** A reset ends what is under way, and a person's mistake is told; neither ends the run. */
  private async answer(learner: Learner, command: AnsweredCommand): Promise<void> {
    try {
      await this.perform(learner, command);
    } catch (error) {
      const aborted = error instanceof RolloutAborted;
      const reason = aborted ? new UserError('The run was reset before this was computed.') : error;
      this.events.refused(command.id, reason);
      if (!aborted && !(error instanceof UserError)) throw error;
    }
  }

  private async perform(learner: Learner, command: AnsweredCommand): Promise<void> {
    const { events, cutLab, desk } = this;
    const { steady } = this.gate;
    const { id, type } = command;
    switch (type) {
      case 'sweep':
        return cutLab.sweep(this.benchOf(learner), command, steady);
      case 'cut':
        return cutLab.cut(this.benchOf(learner), command, steady);
      case 'continue':
        return desk.continue(this.benchOf(learner), command, steady);
      case 'ask':
        return desk.ask(this.benchOf(learner), command, steady);
      case 'facts':
        return desk.facts(this.benchOf(learner), command);
      default: {
        const weights = this.kept.find(learner, command.weights);
        const inspector = this.inspectorOf(learner);
        if (inspector === null) return;
        const { tokens } = command;
        if (type === 'inspect') events.inspection(id, await inspector.inspect(tokens, weights));
        else if (type === 'attention')
          events.attention(id, await inspector.attention(tokens, command.position, weights));
        else events.alternatives(id, await inspector.alternatives(tokens, command.position, weights));
      }
    }
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
