import { useEffect, useState } from 'react';
import { useAccess } from '../use-access';

type Theme = 'light' | 'dark';
const QUERY = '(prefers-color-scheme: dark)';

/** Follows the system until a person chooses; the choice lasts as long as the page, like everything that is not in the link. */
export function ThemeToggle(): React.JSX.Element | null {
  const [system, setSystem] = useState<Theme>(() => (window.matchMedia(QUERY).matches ? 'dark' : 'light'));
  const [chosen, setChosen] = useState<Theme | null>(null);
  useEffect(() => {
    const media = window.matchMedia(QUERY);
    const follow = (): void => setSystem(media.matches ? 'dark' : 'light');
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    if (chosen) document.documentElement.dataset['theme'] = chosen;
  }, [chosen]);
  const access = useAccess('theme');
  if (access === 'hidden') return null;
  const theme = chosen ?? system;
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button icon-button"
      aria-label={`Use ${other} colours`}
      title={`Use ${other} colours`}
      disabled={access === 'locked'}
      onClick={() => setChosen(other)}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </svg>
    </button>
  );
}
