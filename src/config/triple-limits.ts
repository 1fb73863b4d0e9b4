/** What a world of your own may hold. The engine needs the limits to check, the page to name them. */
export const MAX_NAME_LENGTH = 200;
export const MAX_FACTS = 20_000;
export const MAX_ENTITIES = 2_000;
export const MAX_RELATIONS = 512;
/** UTF-16 units, comments included: more than 20,000 facts of three names are refused before they are split. */
export const MAX_TRIPLES_TEXT = 8_000_000;
/** Of a graph that a part is taken from. */
export const MAX_GRAPH_TEXT = 64_000_000;
/** Of the part. */
export const MAX_PART_SEED = 999_999_999;
