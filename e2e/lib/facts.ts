/** People in cities of countries: enough for questions of three hops. */
export const FACTS = [
  '# subject, relation, object',
  ...Array.from({ length: 12 }, (_, i) => `Person ${i},city,City ${i % 6}`),
  ...Array.from({ length: 6 }, (_, i) => `City ${i},country,Country ${i % 3}`),
  ...Array.from({ length: 3 }, (_, i) => `Country ${i},anthem,Anthem ${i}`),
].join('\n');
