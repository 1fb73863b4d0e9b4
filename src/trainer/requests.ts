import type { LearnerState } from '../rl/learner-state';
import type { Learner } from '../rl/learner';
import { CutLab } from './cut-lab';
import type { Gate } from './gate';
import type { Pins } from './pins';
import type { Command } from './protocol';
import type { RunEvents } from './run-events';
import { TokenInspector } from './token-inspector';

/** Commands that are answered beside the updates, without changing any weights. */
export type RequestCommand = Extract<Command, { type: 'pin' | 'unpin' | 'inspect' | 'sweep' | 'cut' }>;

/** Turns what a person asks of the weights into errands of the run. */
export class Requests {
  private readonly cutLab: CutLab;
  private inspector: TokenInspector | null = null;

  /** @param first the run's first state, whose base is what the KL term refers to; null while it is not there yet */
  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
    private readonly pins: Pins,
    private readonly first: () => LearnerState | null,
  ) {
    this.cutLab = new CutLab(events);
  }

  handle(command: RequestCommand): void {
    const { errands, steady } = this.gate;
    switch (command.type) {
      case 'pin':
        errands.add({ whileHeld: false, perform: (learner) => this.pins.pin(learner, command, steady) });
        break;
      case 'unpin':
        this.pins.unpin(command.id);
        break;
      case 'inspect':
        errands.add({ whileHeld: true, perform: (learner) => this.inspect(learner, command) });
        break;
      case 'sweep':
      case 'cut':
        errands.add(this.cutLab.errand(command, steady));
        break;
    }
  }

  /** The learner is gone, and with it every buffer that was made from it. */
  forgetLearner(): void {
    this.inspector = null;
  }

  private async inspect(learner: Learner, { id, tokens }: Extract<RequestCommand, { type: 'inspect' }>): Promise<void> {
    const base = this.first()?.base;
    if (base === undefined) return;
    this.inspector ??= new TokenInspector(learner, base);
    this.events.inspection(id, await this.inspector.inspect(tokens));
  }
}
