/** Names of other programs that documents name and our source does not. Each must be in use. */
export const OTHERS = new Map([
  ['rollout_data_dir', 'a setting of verl'],
  ['validation_data_dir', 'a setting of verl'],
  ['layout-shift', 'what a browser reports'],
  ['VK_EXT_headless_surface', 'an extension of Vulkan'],
  ['--ozone-platform', 'a flag of Chromium'],
  ['--disable-vulkan-surface', 'a flag of Chromium'],
  ['bornIn', 'a name of a relation, as people write them'],
  ['itemLabel', 'a column of the Wikidata query service'],
]);
