import { Term } from '../../terms/term';

/** @param table whether the numbers are shown in place of the coloured tokens */
export function TokensHead({
  table,
  onTable,
}: {
  table: boolean;
  onTable: (table: boolean) => void;
}): React.JSX.Element {
  return (
    <div className="tokens-head">
      <h3>
        <Term id="token">Tokens</Term>
      </h3>
      <button
        type="button"
        className="button plain"
        aria-pressed={table}
        aria-label="Table of tokens"
        onClick={() => onTable(!table)}
      >
        Table
      </button>
    </div>
  );
}
