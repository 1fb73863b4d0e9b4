/**
 * The address: the configuration, and beside it what `LINK_KEYS` lists: the first weights, a world of one's own by name and
 * hash, a file of rollouts likewise, the view, a moment of the run or a row of the file, how the list stands, and what the
 * page hides or locks.
 */
import type { RunConfig } from '../../config/schema';
import { decodeConfig, encodeConfig, LINK_VERSION } from '../../config/url-codec';
import { quote } from '../../config/validate';
import { LESSON_IDS } from '../../lessons/ids';
import type { LessonsState } from '../state/lessons-state';
import { isLockable } from '../state/page-options';
import { firstRow } from '../state/rollouts-state';
import type { WantedRollouts } from '../state/rollouts-state';
import type { PageOptions } from '../state/page-options';
import { ROW_FILTERS, ROW_SORTS, WHOLE_LIST } from '../state/row-list';
import type { ListQuery } from '../state/row-list';
import type { InitialChoice, Moment, StudioState, ViewName } from '../state/studio-state';

const VIEWS: readonly ViewName[] = ['studio', 'cutLab', 'ask', 'lessons'];
const MOST_STEPS = 5;
const MOST_LESSON_STEPS = 40;
const MOST = 1_000_000;
const MOST_FIND = 100;
/** A rollout may have any number of steps, and a training too. */
const MOST_FILE_STEPS = 10_000;
const MOST_TRAINING_STEPS = 2 ** 31 - 1;
const MOST_WORLD_NAME = 60;
const MOST_FILE_NAME = 255;
const MAX_HASH_LENGTH = 8000;

/** Where a run's world comes from a file: a link can name it, not hold it. */
export interface WantedWorld {
  name: string;
  hash: string;
}

export interface Link {
  config: RunConfig;
  initial: Exclude<InitialChoice, 'opened'>;
  world: WantedWorld | null;
  view: ViewName;
  moment: Moment | null;
  /** Where it names a file, row and list are the file's. */
  rollouts: WantedRollouts | null;
  list: ListQuery;
  page: PageOptions;
  /** The lesson that is open, and where in it. */
  lesson: LessonsState['at'];
  /** What in the link was ignored or changed. */
  notes: string[];
}

/** What a link can be made of. */
export type LinkSource = Pick<
  StudioState,
  | 'config'
  | 'initial'
  | 'ownWorld'
  | 'view'
  | 'heldUpdate'
  | 'selection'
  | 'shownPin'
  | 'awaited'
  | 'lab'
  | 'list'
  | 'page'
  | 'lessons'
  | 'rollouts'
>;

const LINK_KEYS = [
  'start',
  'triples',
  'rollouts',
  'trainingStep',
  'view',
  'update',
  'row',
  'side',
  'step',
  'lesson',
  'cut',
  'filter',
  'sort',
  'find',
  'embed',
  'teacher',
  'present',
  'lock',
] as const;
type LinkKey = (typeof LINK_KEYS)[number];

/** The moment that is held on screen, or the one that is still waited for. */
function momentOf({ view, heldUpdate, selection, shownPin, awaited, lab }: LinkSource): Moment | null {
  if (shownPin !== null || heldUpdate === null) return awaited;
  return { update: heldUpdate, selection, cut: view === 'cutLab' && lab.draft !== null ? lab.step : null };
}

/** The file on screen and what is looked at in it, or the one that a link still asks for. */
export function linkedRollouts({ rollouts, selection, list }: LinkSource): WantedRollouts | null {
  const { file, wanted } = rollouts;
  // A folder that is still being written has no bytes to know it by.
  if (file === null || file.hash === null) return wanted;
  const { name, hash, step } = file;
  const whole = selection && { ...selection, row: firstRow(file) + selection.row };
  return { name, hash, trainingStep: step, selection: whole, list };
}

/** Only what is not as it is by itself. */
export function encodeLink(source: LinkSource): string {
  const { config, initial, ownWorld, view, page } = source;
  const rollouts = linkedRollouts(source);
  const moment = rollouts === null ? momentOf(source) : null;
  const { list } = rollouts ?? source;
  const lesson = view === 'lessons' ? source.lessons.at : null;
  // In a lesson `step` is the lesson's own.
  const selection = lesson === null ? ((rollouts ?? moment)?.selection ?? null) : null;
  const values: Record<LinkKey, string | number | null> = {
    start: initial === 'warmStart' && ownWorld === null ? initial : null,
    triples: ownWorld && `${ownWorld.name}~${ownWorld.hash}`,
    rollouts: rollouts && `${Array.from(rollouts.name).slice(0, MOST_FILE_NAME).join('')}~${rollouts.hash}`,
    trainingStep: rollouts?.trainingStep ?? null,
    view: view === 'studio' ? null : view,
    update: moment?.update ?? null,
    row: selection?.row ?? null,
    side: selection?.side ?? null,
    step: lesson === null ? (selection?.step ?? null) : lesson.step + 1,
    lesson: lesson?.lesson ?? null,
    cut: moment?.cut ?? null,
    filter: list.filter === WHOLE_LIST.filter ? null : list.filter,
    sort: list.sort === WHOLE_LIST.sort ? null : list.sort,
    find: list.find.trim() === '' ? null : list.find.trim().slice(0, MOST_FIND),
    embed: page.embed ? 1 : null,
    teacher: page.teacher ? 1 : null,
    present: page.present ? 1 : null,
    lock: page.lock.length === 0 ? null : page.lock.join(','),
  };
  const parts = LINK_KEYS.filter((key) => values[key] !== null).map(
    (key) => `${key}=${encodeURIComponent(values[key] ?? '').replaceAll('%2C', ',')}`,
  );
  return [encodeConfig(config), ...parts].join('&');
}

/**
 * The hash with what the query names besides: `?teacher=1` does as `#v1&teacher=1` does. What both name, the hash says.
 *
 * @param search `location.search`
 */
export function withQuery(hash: string, search: string): string {
  const text = hash.replace(/^#/, '');
  const keyOf = (part: string): string => part.split('=')[0] ?? '';
  const known = new Set(text.split('&').map(keyOf));
  const asked = search.replace(/^\?/, '').replaceAll('+', '%20').split('&');
  const more = asked.filter((part) => part !== '' && !known.has(keyOf(part)));
  return more.length === 0 ? hash : `#${[text === '' ? `v${LINK_VERSION}` : text, ...more].join('&')}`;
}

/** Never throws: what cannot be used is noted; a link of a newer version is the defaults; keys of its own need no version. */
export function decodeLink(hash: string): Link {
  const text = hash.replace(/^#/, '');
  const parts = text.length > MAX_HASH_LENGTH ? [] : text.split('&');
  const isOwn = (part: string): boolean => LINK_KEYS.some((key) => part.startsWith(`${key}=`));
  const rest = parts.length === 0 ? text : parts.filter((part) => !isOwn(part)).join('&');
  const { config, notes } = decodeConfig(rest);
  const newer = Number(/^v(\d+)$/.exec(parts[0] ?? '')?.[1] ?? 0) > 1;
  const given = new Map(newer ? [] : parts.filter(isOwn).map(keyAndValue));
  const read = new LinkReader(given);
  const lock = read.names('lock', isLockable);
  const update = read.number('update', 0, MOST);
  const row = read.number('row', 0, MOST);
  const side = read.oneOf('side', ['draft', 'final'] as const) ?? 'final';
  const lesson = read.oneOf('lesson', LESSON_IDS);
  const file = read.nameAndHash('rollouts', MOST_FILE_NAME);
  const trainingStep = read.number('trainingStep', -1, MOST_TRAINING_STEPS);
  const mostSteps = file === null ? MOST_STEPS : MOST_FILE_STEPS;
  const step = read.number('step', 1, lesson === null ? mostSteps : MOST_LESSON_STEPS) ?? 1;
  const cut = read.number('cut', 1, MOST_STEPS);
  const selection = row === null || lesson !== null ? null : { row, side, step };
  const list = {
    ...WHOLE_LIST,
    filter: read.oneOf('filter', idsOf(ROW_FILTERS)) ?? WHOLE_LIST.filter,
    sort: read.oneOf('sort', idsOf(ROW_SORTS)) ?? WHOLE_LIST.sort,
    find: (given.get('find') ?? '').slice(0, MOST_FIND),
  };
  return {
    config,
    initial: read.oneOf('start', ['shipped', 'warmStart'] as const) ?? 'shipped',
    world: read.nameAndHash('triples', MOST_WORLD_NAME),
    view: read.oneOf('view', VIEWS) ?? 'studio',
    moment: update === null || file !== null ? null : { update, selection, cut },
    rollouts: file && { ...file, trainingStep, selection, list },
    list: file === null ? list : WHOLE_LIST,
    page: { embed: read.flag('embed'), teacher: read.flag('teacher'), present: read.flag('present'), lock },
    lesson: lesson === null ? null : { lesson, step: step - 1 },
    notes: [...notes, ...read.notes],
  };
}

function idsOf<T>(entries: readonly { id: T }[]): T[] {
  return entries.map(({ id }) => id);
}

function keyAndValue(part: string): [string, string] {
  const [key = '', ...value] = part.split('=');
  try {
    return [key, decodeURIComponent(value.join('='))];
  } catch {
    return [key, value.join('=')];
  }
}

/** Reads values of a link's own keys; each that cannot be used leaves a note. */
class LinkReader {
  readonly notes: string[] = [];

  constructor(private readonly given: ReadonlyMap<string, string>) {}

  number(key: LinkKey, min: number, max: number): number | null {
    const text = this.given.get(key);
    if (text === undefined) return null;
    const range = `${key} must be an integer from ${min} to ${max}, not ${quote(text)}`;
    if (!/^[+-]?\d{1,15}$/.test(text)) {
      this.notes.push(`Ignored: ${range}.`);
      return null;
    }
    const value = Math.min(max, Math.max(min, Number(text)));
    if (value !== Number(text)) this.notes.push(`Used ${value}: ${range}.`);
    return value;
  }

  oneOf<T extends string>(key: LinkKey, options: readonly T[]): T | null {
    const text = this.given.get(key);
    if (text === undefined) return null;
    const found = options.find((option) => option === text);
    if (found === undefined)
      this.notes.push(`Ignored: ${key} must be one of ${options.join(', ')}, not ${quote(text)}.`);
    return found ?? null;
  }

  flag(key: LinkKey): boolean {
    return this.oneOf(key, ['1', '0'] as const) === '1';
  }

  names<T extends string>(key: LinkKey, isName: (name: string) => name is T): T[] {
    const names = (this.given.get(key) ?? '').split(',').filter((name) => name !== '');
    for (const name of names)
      if (!isName(name)) this.notes.push(`Ignored: nothing to ${key} is called ${quote(name)}.`);
    return [...new Set(names.filter(isName))];
  }

  /** What a link can name and not hold. */
  nameAndHash(key: LinkKey, mostName: number): { name: string; hash: string } | null {
    const text = this.given.get(key);
    if (text === undefined) return null;
    const [, name = '', hash = ''] = /^(.+)~([0-9a-f]{16})$/su.exec(text) ?? [];
    const fits = name !== '' && Array.from(name).length <= mostName;
    if (!fits) this.notes.push(`Ignored: ${key} must be NAME~HASH, not ${quote(text)}.`);
    return fits ? { name, hash } : null;
  }
}

/** What a link that names a moment cannot do by itself, in a sentence. */
export function momentNote({ update, selection, cut }: Moment): string {
  const where = [
    `update ${update}`,
    ...(selection === null ? [] : [`row ${selection.row}, ${selection.side}, step ${selection.step}`]),
    ...(cut === null ? [] : [`a cut at step ${cut}`]),
  ].join(', ');
  return `The link restores settings, seeds and view. It also names ${where}: that is reached only by training to it, or from a saved run of it, and on another adapter or browser it may differ. The run is held there when it arrives.`;
}
