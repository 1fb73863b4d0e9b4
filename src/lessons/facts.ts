/** What the study found, as takeaways say it. facts.test.ts holds each to docs/results.md. */
export const FACTS = {
  refinerAdds: '0.044',
  actorBehind: '0.025',
  processAlone: '+0.004',
  uniformCut: '0.024',
  revisedWrong: '3.6',
  readerRevised: '7.3',
  readerAdds: '0.088',
} as const;
