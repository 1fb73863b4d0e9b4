/** The mark: a trajectory of dots with one cut, and the branch that grows from it. */
export function Mark({ moving = false }: { moving?: boolean }): React.JSX.Element {
  return (
    <svg className={moving ? 'mark mark-moving' : 'mark'} width="56" height="24" viewBox="0 0 56 24" aria-hidden="true">
      <path d="M4 8H30" stroke="currentColor" strokeWidth="1.5" />
      <circle className="mark-dot" cx="4" cy="8" r="3.5" fill="currentColor" />
      <circle className="mark-dot" cx="16" cy="8" r="3.5" fill="currentColor" />
      <circle className="mark-dot" cx="28" cy="8" r="3.5" fill="currentColor" />
      <g stroke="currentColor" fill="none" opacity="0.5">
        <path d="M38 8H52" strokeDasharray="2 2" />
        <circle cx="41" cy="8" r="3" fill="var(--ground)" />
        <circle cx="52" cy="8" r="3" fill="var(--ground)" />
      </g>
      <path d="M31.5 17 37 0" stroke="var(--cut)" strokeWidth="2" strokeLinecap="round" />
      <path d="M28 11.5v2.5q0 5 5 5h16" stroke="var(--cut)" strokeWidth="1.5" fill="none" />
      <circle cx="40" cy="19" r="3.5" fill="var(--cut)" />
      <circle cx="51" cy="19" r="3.5" fill="var(--cut)" />
    </svg>
  );
}

/** Scissors, closed on the cut line. */
export function Scissors(): React.JSX.Element {
  return (
    <svg className="scissors" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path
        d="M1.2 3a2 2 0 1 0 4 0a2 2 0 1 0-4 0M8.8 3a2 2 0 1 0 4 0a2 2 0 1 0-4 0M4.3 4.8 9.6 13M9.7 4.8 4.4 13"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
