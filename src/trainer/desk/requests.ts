import { UserError } from '../../lib/assert';
import type { Learner } from '../../rl/learning/learner';
import type { LearnerState } from '../../rl/learning/learner-state';
import { RolloutAborted } from '../../rl/rollout/rollout';
import type { Desk } from './desk';
import type { Gate } from '../state/gate';
import type { KeptWeights } from '../state/kept-weights';
import type { Pins } from './pins';
import type { AnsweredCommand, RequestCommand } from '../protocol/request-commands';
import type { RunEvents } from '../state/run-events';

/** Turns what a person asks of the weights into errands of the run. */
export class Requests {
  private desk: Desk | null = null;

  /** @param first the run's first state, whose base is what the KL term refers to; null while it is not there yet */
  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
    private readonly pins: Pins,
    private readonly kept: KeptWeights,
    private readonly first: () => LearnerState | null,
  ) {}

  handle(command: RequestCommand): void {
    const { errands, steady } = this.gate;
    if (command.type === 'unpin') this.pins.unpin(command.id);
    else if (command.type === 'pin')
      errands.add({ whileHeld: false, perform: (learner) => this.pins.pin(learner, command, steady) });
    else errands.add({ whileHeld: true, perform: (learner) => this.answer(learner, command) });
  }

  /** The learner is gone, and with it every buffer that was made from it. */
  forgetLearner(): void {
    this.desk?.forgetLearner();
  }

  /** A reset ends what is under way, and a person's mistake is told; neither ends the run. */
  private async answer(learner: Learner, command: AnsweredCommand): Promise<void> {
    try {
      await (await this.openDesk()).answer(learner, command);
    } catch (error) {
      const aborted = error instanceof RolloutAborted;
      const reason = aborted ? new UserError('The run was reset before this was computed.') : error;
      this.events.refused(command.id, reason);
      if (!aborted && !(error instanceof UserError)) throw error;
    }
  }

  private async openDesk(): Promise<Desk> {
    const { events, kept, gate, first } = this;
    const opened = await import('./desk').catch(() => null);
    if (opened === null) {
      throw new UserError(
        'A part of the page could not be fetched.',
        'Is this machine online, and the server still running? Then ask again.',
      );
    }
    return (this.desk ??= new opened.Desk(events, kept, gate.steady, first));
  }
}
