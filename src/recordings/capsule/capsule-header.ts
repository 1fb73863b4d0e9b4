/** The parts of a capsule's header, checked: a file may come from anywhere. */
import { requireValidConfig } from '../../config/validate';
import type { RunConfig } from '../../config/schema';
import { UserError } from '../../lib/assert';
import type { EvaluationResult, WorldDescription } from '../../trainer/protocol/protocol';
import type { BatchHeader } from './capsule-batches';
import { unusable } from './capsule-file';
import type { CheckedJson, Json } from './checked-json';
import type { TimelineMark } from '../timeline-mark';

/** Of one update, and of a trajectory. Beyond them a file asks for memory that no run needs. */
const MAX_GROUPS = 4096;
const MAX_ROWS = 65_535;
const MAX_POSITIONS = 4096;

const MARK_KINDS: readonly TimelineMark['kind'][] = [
  'start',
  'warmStart',
  'evaluation',
  'checkpoint',
  'reset',
  'breakpoint',
  'settings',
];

export function readConfig(config: Json, file: string): RunConfig {
  try {
    return requireValidConfig(config);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw unusable(file, `its settings are none of this version: ${error.message.replace(/\.$/, '')}`);
  }
}

export function readWorld(world: CheckedJson): WorldDescription {
  const special = world.object('special');
  const ceilings = world.object('ceilings');
  return {
    id: world.text('id'),
    title: world.line('title'),
    tokenStrings: world.texts('tokenStrings'),
    special: {
      pad: special.count('pad'),
      bos: special.count('bos'),
      eos: special.count('eos'),
      think: special.count('think'),
      endThink: special.count('endThink'),
      search: special.count('search'),
      endSearch: special.count('endSearch'),
      information: special.count('information'),
      endInformation: special.count('endInformation'),
      answer: special.count('answer'),
      endAnswer: special.count('endAnswer'),
      question: special.count('question'),
      review: special.count('review'),
      integers: special.counts('integers'),
    },
    entityBase: world.count('entityBase'),
    relationBase: world.count('relationBase'),
    relations: world
      .objects('relations')
      .map((relation) => ({ name: relation.text('name'), ask: relation.text('ask'), state: relation.text('state') })),
    sources: world.texts('sources'),
    sourceBase: world.count('sourceBase'),
    ceilings: {
      perfectReaderEm: ceilings.number('perfectReaderEm'),
      supportingShare: ceilings.number('supportingShare'),
    },
  };
}

export function readEvaluation(evaluation: CheckedJson): EvaluationResult {
  return { update: evaluation.count('update'), metrics: evaluation.numbersOrNull('metrics') };
}

export function readMark(mark: CheckedJson): TimelineMark {
  const plain = { kind: mark.choice('kind', MARK_KINDS), update: mark.count('update') };
  return mark.has('note') ? { ...plain, note: mark.line('note') } : plain;
}

export function readBatchHeader(batch: CheckedJson): BatchHeader {
  const prompts = batch.count('prompts', MAX_GROUPS);
  return {
    update: batch.count('update'),
    prompts,
    groupSize: batch.count('groupSize', Math.floor(MAX_ROWS / Math.max(1, prompts))),
    positions: batch.count('positions', MAX_POSITIONS),
    questions: batch.texts('questions'),
    rows: batch.count('rows', MAX_ROWS),
    reviewed: batch.flag('reviewed'),
    ...(batch.has('thinks') && { thinks: batch.flag('thinks') }),
    sampled: batch.has('sampled') ? readSample(batch.object('sampled'), batch.count('groupSize')) : null,
  };
}

function readSample(sample: CheckedJson, size: number): NonNullable<BatchHeader['sampled']> {
  const summary = sample.object('summary');
  const verdicts = summary.object('verdicts');
  return {
    tellingRow: sample.count('tellingRow'),
    summary: {
      rows: summary.count('rows'),
      verdicts: {
        saved: verdicts.count('saved'),
        harmed: verdicts.count('harmed'),
        wasted: verdicts.count('wasted'),
        missed: verdicts.count('missed'),
        kept: verdicts.count('kept'),
        none: verdicts.count('none'),
      },
      wrongDrafts: summary.count('wrongDrafts'),
      rightDrafts: summary.count('rightDrafts'),
      cuts: summary.counts('cuts'),
      groups: summary.objects('groups').map((group) => ({
        group: group.count('group'),
        size,
        right: group.count('right'),
        revised: group.count('revised'),
        meanReward: group.number('meanReward'),
        zeroVariance: group.flag('zeroVariance'),
      })),
    },
  };
}
