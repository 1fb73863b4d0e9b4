import { useRef } from 'react';
import type { WholeTab } from '../../../store/files/save/whole-trajectory';

const TABS: readonly { id: WholeTab; name: string }[] = [
  { id: 'messages', name: 'Messages' },
  { id: 'prompt', name: 'Prompt' },
  { id: 'raw', name: 'Raw' },
];

interface WholeTabsProps {
  tab: WholeTab;
  onChoose: (tab: WholeTab) => void;
}

/** Tab reaches the chosen one, the arrow keys the others. */
export function WholeTabs({ tab, onChoose }: WholeTabsProps): React.JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const at = TABS.findIndex(({ id }) => id === tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + TABS.length, Home: 0, End: TABS.length - 1 }[event.key];
    const chosen = next === undefined ? undefined : TABS[next % TABS.length];
    if (chosen === undefined) return;
    event.preventDefault();
    onChoose(chosen.id);
    list.current?.querySelector<HTMLElement>(`#whole-tab-${chosen.id}`)?.focus();
  };
  return (
    <div className="whole-tabs" role="tablist" aria-label="What of it" ref={list} onKeyDown={onKeyDown}>
      {TABS.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`whole-tab-${id}`}
          className="button plain"
          aria-selected={id === tab}
          aria-controls={id === tab ? 'whole-panel' : undefined}
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
