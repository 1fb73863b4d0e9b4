/** What the study found, as takeaways say it. facts.test.ts holds each to docs/results/eighty-updates.md. */
export const FACTS = {
  refinerAdds: '0.062 ± 0.005',
  actorBehind: '0.022',
  processAlone: '+0.006',
  uniformCut: 'four fifths',
  revisedWrong: '2.5',
  margin: '−2',
} as const;
