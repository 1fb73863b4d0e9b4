/** A long name without its middle: what tells files apart mostly stands at its ends. */
export function shortened(name: string, most = 28): string {
  const letters = Array.from(name);
  if (letters.length <= most) return name;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join('')}…${letters.slice(-end).join('')}`;
}
