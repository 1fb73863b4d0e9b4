/** How fast the run may go, from slow motion to as fast as it can. */
export const PACES = [
  // The longest trajectory has 16 moments, of two seconds each.
  { id: 'slow', label: 'slow motion', updatesPerMinute: 2 },
  { id: 'cap10', label: '10 a minute', updatesPerMinute: 10 },
  { id: 'cap30', label: '30 a minute', updatesPerMinute: 30 },
  { id: 'cap120', label: '120 a minute', updatesPerMinute: 120 },
  { id: 'full', label: 'full speed', updatesPerMinute: null },
] as const;
export type PaceId = (typeof PACES)[number]['id'];

export function paceOf(id: PaceId): (typeof PACES)[number] {
  return PACES.find((pace) => pace.id === id) ?? PACES[4];
}
