/** How a file of facts was taken, with what can be chosen otherwise. */
import { useId, useState } from 'react';
import { areColumns, type Columns } from '../../../config/column-lines';
import { partSeed } from '../../../config/part-name';
import { MAX_ENTITIES, MAX_FACTS, MAX_PART_SEED, MAX_RELATIONS } from '../../../config/triple-limits';
import { setColumns, takePart } from '../../../store/files/world/own-world-choices';
import type { OwnWorldDialog } from '../../../store/state/studio-state';
import { count } from '../../format';
import { useStudio } from '../../studio-context';

const ROLES = ['Subject', 'Relation', 'Object'] as const;

export function Taken({ dialog }: { dialog: OwnWorldDialog }): React.JSX.Element | null {
  const heading = useId();
  const { reading, encoding, wanted } = dialog;
  const layout = reading?.layout;
  if (layout === undefined) return null;
  const told = [...(encoding === null ? [] : [encoding]), ...layout.notes].join('; ');
  return (
    <section className="own-world-taken" aria-labelledby={heading}>
      <h3 id={heading}>How it was read</h3>
      <p className="small quiet">{`${told.charAt(0).toUpperCase()}${told.slice(1)}.`}</p>
      {layout.columns !== null && layout.first.length >= 3 && (
        <ColumnChoice columns={layout.columns} first={layout.first} />
      )}
      {reading?.tooLarge !== undefined && <Part size={reading.tooLarge} seed={partSeed(wanted?.name ?? '') ?? 1} />}
    </section>
  );
}

function ColumnChoice({ columns, first }: { columns: Columns; first: readonly string[] }): React.JSX.Element {
  const studio = useStudio();
  /** A column that another role had changes places with it. */
  const choose = (role: number, column: number): void => {
    const next = columns.map((one, k) => (k === role ? column : one === column ? (columns[role] ?? one) : one));
    if (areColumns(next)) setColumns(studio, next);
  };
  return (
    <div className="own-world-columns">
      {ROLES.map((role, k) => (
        <label key={role}>
          {role}
          <select className="field" value={columns[k]} onChange={(event) => choose(k, Number(event.target.value))}>
            {first.map((value, c) => (
              <option key={`${c} ${value}`} value={c + 1}>
                {`${c + 1}: ${value.length > 40 ? `${value.slice(0, 39)}…` : value}`}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

interface PartProps {
  size: { facts: number; entities: number; relations: number };
  seed: number;
}

function Part({ size, seed: first }: PartProps): React.JSX.Element {
  const studio = useStudio();
  const [seed, setSeed] = useState(String(first));
  const isSeed = /^\d{1,9}$/.test(seed);
  return (
    <div className="message own-world-part" role="status">
      <p>
        {count(size.facts)} facts, {count(size.entities)} entities, {count(size.relations)} relations: too large for a
        world, which holds {count(MAX_FACTS)}, {count(MAX_ENTITIES)} and {count(MAX_RELATIONS)}. A connected part of it
        can be one. The same seed draws the same part.
      </p>
      <label>
        Seed
        <input
          className="field"
          inputMode="numeric"
          value={seed}
          maxLength={String(MAX_PART_SEED).length}
          aria-invalid={!isSeed}
          onChange={(event) => setSeed(event.target.value)}
        />
      </label>
      <button type="button" className="button" disabled={!isSeed} onClick={() => takePart(studio, Number(seed))}>
        Take a part
      </button>
    </div>
  );
}
