/** Words with their places filled: `{name}` is what `told` has of that name; a place that nothing fills stays as it is. */
export function fill(text: string, told: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{([\w-]+)\}/g, (place, name: string) =>
    Object.hasOwn(told, name) ? String(told[name]) : place,
  );
}
