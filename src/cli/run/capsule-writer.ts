import { existsSync, readFileSync } from 'node:fs';
import { toWorldDescription } from '../../env/describe';
import { hashOfFacts, parseTriples } from '../../env/triple-text';
import { UserError } from '../../lib/assert';
import { decodeText } from '../../lib/decode-text';
import { fnv1a64Hex } from '../../lib/hash';
import type { Learner, UpdateReport } from '../../rl/learning/learner';
import { BatchArchive } from '../../recordings/capsule/archive';
import { decodeCapsule, encodeCapsule } from '../../recordings/capsule/capsule';
import { isCapsule } from '../../recordings/capsule/capsule-file';
import { encodeRun } from '../../trainer/state/checkpoint';
import { trajectoryBatch } from '../../trainer/state/trajectory-batch';
import { onDisk, replaceFile } from '../files/disk';
import type { RunFolder } from '../files/run-folder';

type Line = Readonly<Record<string, unknown>>;
type Numbers = Record<string, number | null>;

/** Records a run for the page: its trajectories as they are made, all else from its folder when it is written. */
export class CapsuleWriter {
  private constructor(
    private readonly path: string,
    private readonly archive: BatchArchive,
  ) {}

  /**
   * @param wholeTrajectories how many of the newest trajectories are kept whole, and the first update; of the others a few telling ones are
   * @param update updates that the run has behind it: what a capsule of its beginning holds of them is kept
   * @throws UserError where another file is in the way
   */
  static async open(path: string, wholeTrajectories: number | undefined, update: number): Promise<CapsuleWriter> {
    const archive = new BatchArchive(wholeTrajectories, undefined, true);
    if (existsSync(path)) {
      const file = new Uint8Array(onDisk(path, 'read', () => readFileSync(path)));
      if (!isCapsule(file))
        throw new UserError(`"${path}" is there already, and it is no capsule.`, 'Name another file.');
      if (update > 0) {
        const { batches } = await decodeCapsule(file, path);
        for (const stored of batches) if (stored.batch.update <= update) archive.addStored(stored);
      }
    }
    return new CapsuleWriter(path, archive);
  }

  add(report: Omit<UpdateReport, 'metrics'>, { config, positions }: Learner): void {
    this.archive.add(trajectoryBatch(report, config, positions), config.refiner !== 'none');
  }

  /** Writes the run as it is now, with a checkpoint to go on from. */
  async write(learner: Learner, folder: RunFolder): Promise<void> {
    const { config, family } = learner;
    const state = await learner.state();
    const { params } = state;
    const ms = new Map(folder.readLines('timings').map((line) => [line['update'], line['ms']]));
    const evaluations = folder.readLines('evaluations').map((line) => ({
      update: Number(line['update']),
      metrics: numbersOf(line),
    }));
    const bytes = await encodeCapsule({
      config,
      world: toWorldDescription(family, learner.pool.heldOut(0)),
      ownWorld: ownWorldIn(folder, family.schema.id),
      adapter: learner.gpu.adapter.description || learner.gpu.adapter.device,
      update: learner.updates,
      metrics: folder.readLines('metrics').map((line) => ({
        update: Number(line['update']),
        updateMs: Number(ms.get(line['update']) ?? 0),
        metrics: numbersOf(line),
      })),
      evaluations,
      marks: [
        { kind: 'start', update: 0 },
        ...evaluations.map(({ update }) => ({ kind: 'evaluation', update }) as const),
        { kind: 'checkpoint', update: learner.updates },
      ],
      batches: this.archive.all,
      checkpoints: [
        {
          update: learner.updates,
          weightsHash: fnv1a64Hex(new Uint8Array(params.buffer, params.byteOffset, params.byteLength)),
          bytes: encodeRun(learner, config, state),
        },
      ],
    });
    replaceFile(this.path, bytes);
    console.error(`${this.path}: ${learner.updates} updates, ${bytes.length} bytes`);
  }
}

function ownWorldIn(folder: RunFolder, name: string) {
  const path = folder.file('world');
  if (!existsSync(path)) return null;
  const { text } = decodeText(onDisk(path, 'read', () => readFileSync(path)));
  return { name, text, hash: hashOfFacts(parseTriples(text)) };
}

function numbersOf(line: Line): Numbers {
  return Object.fromEntries(
    Object.entries(line).filter(
      (entry): entry is [string, number | null] => entry[1] === null || typeof entry[1] === 'number',
    ),
  );
}
