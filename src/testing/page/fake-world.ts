/** A made-up world for tests and screenshots of the page. It looks like microwiki, but nothing here reaches the product. */
import type { WorldDescription } from '../../trainer/protocol/protocol';

const SPECIAL = [
  '<pad>',
  '<bos>',
  '<eos>',
  '<think>',
  '</think>',
  '<search>',
  '</search>',
  '<information>',
  '</information>',
  '<answer>',
  '</answer>',
  '?',
  '<review>',
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
];
const SOURCES = ['Almanac', 'Gazette', 'Register', 'Chronicle', 'Bulletin'];
const RELATIONS = [
  { name: 'born in', ask: 'the birthplace of {x}', state: '{s} was born in {o}.', domain: 'person', range: 'city' },
  { name: 'works at', ask: 'the employer of {x}', state: '{s} works at {o}.', domain: 'person', range: 'company' },
  { name: 'spouse', ask: 'the spouse of {x}', state: '{s} is married to {o}.', domain: 'person', range: 'person' },
  {
    name: 'headquarters',
    ask: 'the headquarters of {x}',
    state: '{s} has its headquarters in {o}.',
    domain: 'company',
    range: 'city',
  },
  { name: 'country', ask: 'the country of {x}', state: '{s} lies in {o}.', domain: 'city', range: 'country' },
  { name: 'mayor', ask: 'the mayor of {x}', state: 'The mayor of {s} is {o}.', domain: 'city', range: 'person' },
  {
    name: 'capital',
    ask: 'the capital of {x}',
    state: 'The capital of {s} is {o}.',
    domain: 'country',
    range: 'city',
  },
];
const NAMES: Readonly<Record<string, readonly string[]>> = {
  person: [
    'Ada Moreau',
    'Bruno Falk',
    'Clara Wen',
    'Dario Lund',
    'Edda Quist',
    'Farid Aziz',
    'Greta Olsen',
    'Hugo Prat',
  ],
  city: ['Aldermoor', 'Brightwater', 'Carrowmere', 'Dunhollow', 'Eastvale', 'Fernwick'],
  country: ['Norland', 'Sudria', 'Vestania', 'Ostmark'],
  company: ['Lumen Works', 'Halden & Sons', 'Pelagic', 'Quarry Line'],
};

export interface FakeWorld {
  description: WorldDescription;
  entitiesOf(type: string): readonly number[];
  typeOf(entity: number): string;
  domainOf(relation: number): string;
  rangeOf(relation: number): string;
  /** Token of relation r is relationBase + r. */
  relationCount: number;
  objectOf(subject: number, relation: number): number;
  passageId(source: number, subject: number, relation: number): number;
}

export function makeFakeWorld(): FakeWorld {
  const sourceBase = SPECIAL.length;
  const relationBase = sourceBase + SOURCES.length;
  const entityBase = relationBase + RELATIONS.length;
  const entities = Object.entries(NAMES).flatMap(([type, names]) => names.map((name) => ({ type, name })));
  const description: WorldDescription = {
    id: 'microwiki',
    title: 'Microwiki',
    tokenStrings: [
      ...SPECIAL,
      ...SOURCES.map((source) => `source:${source}`),
      ...RELATIONS.map((relation) => `relation:${relation.name}`),
      ...entities.map((entity) => `${entity.type}:${entity.name}`),
    ],
    special: {
      pad: 0,
      bos: 1,
      eos: 2,
      think: 3,
      endThink: 4,
      search: 5,
      endSearch: 6,
      information: 7,
      endInformation: 8,
      answer: 9,
      endAnswer: 10,
      question: 11,
      review: 12,
      integers: [13, 14, 15, 16, 17, 18],
    },
    entityBase,
    relationBase,
    relations: RELATIONS.map(({ name, ask, state }) => ({ name, ask, state })),
    sources: SOURCES,
    sourceBase,
    ceilings: { perfectReaderEm: 0.93, supportingShare: 0.81 },
  };
  const entitiesOf = (type: string): readonly number[] =>
    entities.flatMap((entity, index) => (entity.type === type ? [entityBase + index] : []));
  const rangeOf = (relation: number): string => RELATIONS[relation]?.range ?? 'person';
  return {
    description,
    entitiesOf,
    typeOf: (entity) => entities[entity - entityBase]?.type ?? 'person',
    domainOf: (relation) => RELATIONS[relation]?.domain ?? 'person',
    rangeOf,
    relationCount: RELATIONS.length,
    objectOf(subject, relation) {
      const range = entitiesOf(rangeOf(relation)).filter((entity) => entity !== subject);
      return range[(subject * 7 + relation * 3) % range.length] ?? entityBase;
    },
    passageId: (source, subject, relation) =>
      (subject - entityBase) * RELATIONS.length * SOURCES.length + relation * SOURCES.length + source,
  };
}
