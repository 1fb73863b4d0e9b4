/** docs/schema/settings.schema.json is the table of settings in other words: `npx vitest run src/config -u` writes it anew. */
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { expectSchema } from '../testing/schemas/expect-schema';
import { SETTING_HELP } from './setting-help';
import { configForPreset, SETTING_KEYS, settingOf, SETTINGS, type SettingKey } from './schema';

const FILE = fileURLToPath(new URL('../../docs/schema/settings.schema.json', import.meta.url));

/** Settings that came when files were there already: those lack them, and the default, which leaves a run as it was, holds. */
const CAME_LATER: ReadonlySet<SettingKey> = new Set<SettingKey>([
  'reviewReading',
  'reviewSees',
  'reviewThoughts',
  'reviewSupervision',
  'reviewLabelSteps',
  'refinerLearningRate',
  'refinerLayers',
  'refinerWidth',
  'evalTemperatures',
  'evalWorlds',
  'rumourSpread',
  'misfiled',
  'sharedNames',
  'minHops',
  'marginFrom',
]);

function schemaOf(key: SettingKey): Record<string, unknown> {
  const setting = settingOf(key);
  const help = SETTING_HELP[key];
  const { default: usual } = setting;
  if (setting.kind === 'enum') {
    return { description: help, enum: setting.options.map(({ value }) => value), default: usual };
  }
  const { kind, unit, min, max } = setting;
  const type = kind === 'int' ? 'integer' : 'number';
  const description = unit === null ? help : `${help} Unit: ${unit}.`;
  return { description, type, minimum: min, maximum: max, default: usual };
}

it('the schema of settings holds every setting with its range, default and meaning', async () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'settings.schema.json',
    title: 'Settings of a run',
    description:
      'One value for every setting; one that a file lacks came later, and has its default. Made from src/config/settings.ts; rules between settings (src/config/rules.ts) are not in it.',
    type: 'object',
    $ref: '#/$defs/some',
    required: SETTING_KEYS.filter((key) => !CAME_LATER.has(key)),
    unevaluatedProperties: false,
    $defs: {
      some: {
        description: 'Any of the settings. Left open, so that keys may stand beside them.',
        type: 'object',
        properties: Object.fromEntries(SETTING_KEYS.map((key) => [key, schemaOf(key)])),
      },
    },
  };
  const options = { ...(await resolveConfig(FILE)), filepath: FILE };
  await expect(await format(JSON.stringify(schema), options)).toMatchFileSnapshot(FILE);
});

it('every preset fits it', () => {
  expectSchema(
    'settings',
    SETTINGS.preset.options.map(({ value }) => configForPreset(value)),
  );
});
