/**
 * The address: the configuration, and beside it what `LINK_KEYS` lists: the first weights, a world of one's own by name and
 * hash, the view, a moment of the run with what is selected in it, how the list stands, and what the page hides or locks.
 */
import type { RunConfig } from '../../config/schema';
import { decodeConfig, encodeConfig, LINK_VERSION } from '../../config/url-codec';
import { quote } from '../../config/validate';
import { LESSON_IDS } from '../../lessons/ids';
import type { LessonsState } from '../state/lessons-state';
import { isLockable } from '../state/page-options';
import type { PageOptions } from '../state/page-options';
import { ROW_FILTERS, ROW_SORTS, WHOLE_LIST } from '../state/row-list';
import type { ListQuery } from '../state/row-list';
import type { InitialChoice, Moment, StudioState, ViewName } from '../state/studio-state';

const VIEWS: readonly ViewName[] = ['studio', 'cutLab', 'ask', 'lessons'];
const MOST_STEPS = 5;
const MOST_LESSON_STEPS = 40;
const MOST = 1_000_000;
const MOST_FIND = 100;
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
>;

const LINK_KEYS = [
  'start',
  'triples',
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

/** Only what is not as it is by itself. */
export function encodeLink(source: LinkSource): string {
  const { config, initial, ownWorld, view, list, page } = source;
  const moment = momentOf(source);
  const lesson = view === 'lessons' ? source.lessons.at : null;
  // In a lesson `step` is the lesson's own.
  const selection = lesson === null ? (moment?.selection ?? null) : null;
  const values: Record<LinkKey, string | number | null> = {
    start: initial === 'warmStart' && ownWorld === null ? initial : null,
    triples: ownWorld && `${ownWorld.name}~${ownWorld.hash}`,
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
  const step = read.number('step', 1, lesson === null ? MOST_STEPS : MOST_LESSON_STEPS) ?? 1;
  const cut = read.number('cut', 1, MOST_STEPS);
  return {
    config,
    initial: read.oneOf('start', ['shipped', 'warmStart'] as const) ?? 'shipped',
    world: read.world(),
    view: read.oneOf('view', VIEWS) ?? 'studio',
    moment:
      update === null ? null : { update, selection: row === null || lesson !== null ? null : { row, side, step }, cut },
    list: {
      ...WHOLE_LIST,
      filter: read.oneOf('filter', idsOf(ROW_FILTERS)) ?? WHOLE_LIST.filter,
      sort: read.oneOf('sort', idsOf(ROW_SORTS)) ?? WHOLE_LIST.sort,
      find: (given.get('find') ?? '').slice(0, MOST_FIND),
    },
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

  world(): WantedWorld | null {
    const text = this.given.get('triples');
    if (text === undefined) return null;
    const [, name = '', hash = ''] = /^(.{1,60})~([0-9a-f]{16})$/u.exec(text) ?? [];
    if (name === '') this.notes.push(`Ignored: triples must be NAME~HASH, not ${quote(text)}.`);
    return name === '' ? null : { name, hash };
  }
}

/** What a link that names a moment cannot do by itself, in a sentence. */
export function momentNote({ update, selection, cut }: Moment): string {
  const where = [
    `update ${update}`,
    ...(selection === null ? [] : [`row ${selection.row}, ${selection.side}, step ${selection.step}`]),
    ...(cut === null ? [] : [`a cut at step ${cut}`]),
  ].join(', ');
  return `The link restores settings, seeds and view. It also names ${where}: that is reached only by training to it, or from a saved run of it. The run is held there when it arrives.`;
}
