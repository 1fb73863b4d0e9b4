interface NameSelectProps {
  label: string;
  value: number;
  /** Numbers that can be chosen, each with what it is called. */
  names: readonly (readonly [number, string])[];
  onChange: (value: number) => void;
}

/** One entity or relation out of a list. */
export function NameSelect({ label, value, names, onChange }: NameSelectProps): React.JSX.Element {
  return (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {names.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  );
}
