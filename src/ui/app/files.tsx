/** Files in and out: a button that opens any of them, and a menu of what can be saved. */
import { useRef } from 'react';
import { OPENS, openFiles } from '../../store/files/open-file';
import { SAVE_KINDS, saveFile } from '../../store/files/save-file';
import type { SaveKind } from '../../store/state/file-types';
import { Menu } from '../primitives/menu';
import { useStudio, useStudioState } from '../studio-context';
import { LOCKED_HELP, useAccess } from '../use-access';

export function OpenButton(): React.JSX.Element | null {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const access = useAccess('open');
  if (access === 'hidden') return null;
  return (
    <>
      <button
        type="button"
        className="button"
        title={access === 'locked' ? LOCKED_HELP : `${OPENS} Or drop them anywhere on the page.`}
        disabled={access === 'locked'}
        onClick={() => input.current?.click()}
      >
        Open
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to open"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again.
          event.target.value = '';
          void openFiles(studio, files);
        }}
      />
    </>
  );
}

export function SaveMenu(): React.JSX.Element | null {
  if (useAccess('save') !== 'free') return null;
  return (
    <span className="save-menu">
      <Menu text="Save">
        {SAVE_KINDS.map((kind) => (
          <SaveItem key={kind.name} kind={kind} />
        ))}
      </Menu>
    </span>
  );
}

function SaveItem({ kind }: { kind: SaveKind }): React.JSX.Element {
  const studio = useStudio();
  const enabled = useStudioState(kind.enabled);
  return (
    <button
      type="button"
      className="button plain"
      title={kind.help}
      disabled={!enabled}
      onClick={() => void saveFile(studio, kind)}
    >
      {kind.name}
    </button>
  );
}
