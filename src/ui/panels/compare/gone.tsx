export function Gone(): React.JSX.Element {
  return <p className="quiet">It is not kept any more.</p>;
}
