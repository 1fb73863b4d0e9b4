/**
 * Builds public/worlds/atlas.json, the real facts of the world "atlas", from two MIT-licensed npm packages: countries-list
 * (country, capital, continent, currency, language) and city-timezones (cities with country, population, time zone).
 * Run once after an upgrade of either: node scripts/build-atlas.mjs
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

const root = new URL('../', import.meta.url);
const target = new URL('public/worlds/atlas.json', root);
const MOST_POPULOUS = 44;

const readJson = async (path) => JSON.parse(await readFile(new URL(`node_modules/${path}`, root), 'utf8'));
const [countries, continents, currencies, languages, cities] = await Promise.all([
  readJson('countries-list/countries.min.json'),
  readJson('countries-list/continents.min.json'),
  readJson('countries-list/currencies.min.json'),
  readJson('countries-list/languages.min.json'),
  readJson('city-timezones/data/cityMap.json'),
]);
const versions = await Promise.all(
  ['countries-list', 'city-timezones'].map(async (name) => (await readJson(`${name}/package.json`)).version),
);

/** The packages disagree on accents, apostrophes and dots ("Sana'a" and "Sanaa"). */
const plain = (name) =>
  name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();

const citiesOf = new Map();
for (const city of cities) {
  if (!citiesOf.has(city.iso2)) citiesOf.set(city.iso2, []);
  citiesOf.get(city.iso2).push(city);
}
for (const list of citiesOf.values()) list.sort((a, b) => b.pop - a.pop || (a.city < b.city ? -1 : 1));

function describe(code, country) {
  const listed = citiesOf.get(code) ?? [];
  const isCapital = (city) =>
    plain(city.city) === plain(country.capital) || plain(city.city_ascii) === plain(country.capital);
  const capital = country.capital === '' ? null : (listed.find(isCapital) ?? undefined);
  return { code, country, listed, capital, population: listed.reduce((sum, city) => sum + city.pop, 0) };
}

const all = Object.entries(countries).map(([code, country]) => describe(code, country));
// A capital that is not among the listed cities would have no time zone; Antarctica's stations have no currency.
const usable = all.filter((c) => c.listed.length > 0 && c.capital !== undefined && c.country.currency.length > 0);
usable.sort((a, b) => b.population - a.population || (a.code < b.code ? -1 : 1));
const special = (c) => (c.capital === null && c.country.languages.length > 0) || c.country.name === c.country.capital;
const chosen = usable.filter((c, rank) => rank < MOST_POPULOUS || special(c));

const relations = [
  { name: 'capital', domain: 'country', range: 'city', ask: 'the capital of {x}', state: 'The capital of {s} is {o}.' },
  {
    name: 'largest city',
    domain: 'country',
    range: 'city',
    ask: 'the largest city of {x}',
    state: 'The largest city of {s} is {o}.',
  },
  {
    name: 'currency',
    domain: 'country',
    range: 'currency',
    ask: 'the currency of {x}',
    state: 'The currency of {s} is the {o}.',
  },
  {
    name: 'language',
    domain: 'country',
    range: 'language',
    ask: 'the first-listed language of {x}',
    state: 'The first-listed language of {s} is {o}.',
  },
  { name: 'continent', domain: 'country', range: 'continent', ask: 'the continent of {x}', state: '{s} is in {o}.' },
  { name: 'country', domain: 'city', range: 'country', ask: 'the country of {x}', state: 'The city of {s} is in {o}.' },
  {
    name: 'time zone',
    domain: 'city',
    range: 'timezone',
    ask: 'the time zone of {x}',
    state: 'The time zone of {s} is {o}.',
  },
];

const entities = { country: [], city: [], currency: [], language: [], continent: [], timezone: [] };
const add = (type, name) => {
  if (!entities[type].includes(name)) entities[type].push(name);
  return name;
};
const facts = Object.fromEntries(relations.map(({ name }) => [name, []]));

for (const { country, listed, capital } of chosen) {
  const name = add('country', country.name);
  const largest = listed[0];
  const other = listed.find((city) => city !== capital);
  const nameOf = (city) => {
    const short = city === capital ? country.capital : city.city;
    const taken = entities.city.includes(short) && !facts.country.some(([c, of]) => c === short && of === name);
    return taken ? `${short} (${name})` : short;
  };
  for (const city of [capital, other]) {
    if (!city) continue;
    const cityName = nameOf(city);
    if (entities.city.includes(cityName)) continue;
    add('city', cityName);
    facts.country.push([cityName, name]);
    facts['time zone'].push([cityName, add('timezone', city.timezone)]);
  }
  if (capital) facts.capital.push([name, nameOf(capital)]);
  facts['largest city'].push([name, nameOf(largest)]);
  facts.currency.push([name, add('currency', currencies[country.currency[0]].name)]);
  facts.language.push([name, add('language', languages[country.languages[0]].name)]);
  facts.continent.push([name, add('continent', continents[country.continent])]);
}

const atlas = {
  format: 'cutpoint-atlas/1',
  title: 'Atlas',
  rule:
    `The ${MOST_POPULOUS} countries with the largest total population of listed cities (capital listed, or none), all countries that share ` +
    'their name with their capital, and inhabited countries without a capital; of each its capital and its largest other listed city.',
  licences: [
    {
      package: `countries-list ${versions[0]}`,
      licence: 'MIT',
      copyright: 'Copyright (c) 2014 Annexare Studio',
      source: 'https://github.com/annexare/Countries',
    },
    {
      package: `city-timezones ${versions[1]}`,
      licence: 'MIT',
      copyright: 'Kevin Roberts',
      source: 'https://github.com/kevinroberts/city-timezones',
    },
  ],
  relations,
  entities,
  facts,
};

const options = await resolveConfig(target);
const text = await format(JSON.stringify(atlas), { ...options, parser: 'json' });
await mkdir(new URL('.', target), { recursive: true });
await writeFile(target, text);
const counts = Object.entries(entities).map(([type, names]) => `${names.length} ${type}`);
console.log(`${target.pathname}: ${counts.join(', ')}; ${Object.values(facts).flat().length} facts`);
