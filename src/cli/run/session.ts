import type { RunFlags, WorldFile } from '../../config/flags';
import type { RunConfig } from '../../config/schema';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { lossOf } from '../../trainer/state/device-watch';
import { clock } from './progress';
import { TimeLeft, workLeft, type Work } from './time-left';

type SessionFlags = Pick<
  RunFlags,
  'updates' | 'finalQuestions' | 'finalTries' | 'worldFile' | 'bases' | 'capsule' | 'capsuleTrajectories'
>;

/** What the runs of one command share: the device, how far they go, where bases come from, and the pace. */
export class Session {
  readonly updates: number;
  readonly finalTries: number | undefined;
  readonly worldFile: WorldFile | undefined;
  readonly bases: string | undefined;
  readonly capsule: string | undefined;
  readonly capsuleTrajectories: number | undefined;
  readonly time = new TimeLeft();
  /** What the progress bar calls the run under way. */
  label = 'updates';
  /** Work of the runs after this one. */
  later: Work = { updates: 0, questions: 0, starts: 0 };
  private readonly finalQuestions: number | undefined;
  /** Of the run under way. */
  config: RunConfig | undefined;
  private device: Promise<Gpu> | undefined;

  /** @param init `warm`, or the path of a file with the base policy */
  constructor(
    flags: SessionFlags,
    readonly init: string,
  ) {
    this.updates = flags.updates;
    this.finalTries = flags.finalTries;
    this.worldFile = flags.worldFile;
    this.bases = flags.bases;
    this.capsule = flags.capsule;
    this.capsuleTrajectories = flags.capsuleTrajectories;
    this.finalQuestions = flags.finalQuestions;
  }

  gpu(): Promise<Gpu> {
    this.device ??= openNodeGpu().then((gpu) => openGpu(gpu, wgslIncludes));
    return this.device;
  }

  /** Why the device was lost, so that the next one is asked for; null where it was not. */
  async lossOfDevice(): Promise<string | null> {
    const gpu = await this.device?.catch(() => undefined);
    const reason = gpu === undefined ? null : await lossOf(gpu);
    if (reason !== null) this.device = undefined;
    return reason;
  }

  /** Questions of the evaluation after `update`. */
  questionsAt(config: RunConfig, update: number): number {
    return update === this.updates ? (this.finalQuestions ?? config.evalQuestions) : config.evalQuestions;
  }

  workFrom(config: RunConfig, update: number): Work {
    return workLeft(update, this.updates, config, this.questionsAt(config, this.updates));
  }

  /** In words, for this run and for all; '' before it can be told. */
  timeLeft(config: RunConfig, update: number): string {
    const work = this.workFrom(config, update);
    const run = this.time.seconds(work);
    const all = this.time.seconds({
      updates: work.updates + this.later.updates,
      questions: work.questions + this.later.questions,
      starts: work.starts + this.later.starts,
    });
    if (run === undefined || all === undefined) return '';
    return this.later.updates > 0 ? `${clock(run)}, all seeds ${clock(all)}` : clock(run);
  }
}
