/** What the file menu holds: open any file, save what is here, kinds of links, the saved runs. */
import { useId } from 'react';
import { OPENS } from '../../store/files/open/open-file';
import { toggleRuns } from '../../store/files/saved/runs-actions';
import { saveFile } from '../../store/files/save/save-file';
import { onlyListed, SAVE_KINDS } from '../../store/files/save/save-kinds';
import { copyLink, LINK_KINDS } from '../../store/view/copy-link';
import { openPresent } from '../../store/view/stage';
import type { SaveKind } from '../../store/state/file-types';
import { useStudio, useStudioState } from '../studio-context';
import { LOCKED_HELP, useAccess } from '../use-access';

const hasFolders = 'showDirectoryPicker' in globalThis;

export function FileItems({ onOpenFiles }: { onOpenFiles: () => void }): React.JSX.Element {
  const studio = useStudio();
  const open = useAccess('open');
  const save = useAccess('save');
  const link = useAccess('link');
  const present = useAccess('present');
  const runs = useAccess('runs');
  const runsOpen = useStudioState((state) => state.runsOpen);
  return (
    <>
      {open !== 'hidden' && (
        <Item
          name="Open"
          help={open === 'locked' ? LOCKED_HELP : `${OPENS} Or drop them anywhere on the page.`}
          disabled={open === 'locked'}
          onPress={onOpenFiles}
        />
      )}
      {open !== 'hidden' && (
        <Item
          name="Follow a folder"
          help={
            hasFolders ? 'Rollouts, as a trainer writes them' : 'Chrome and Edge can; else npm start -- --follow DIR'
          }
          disabled={open === 'locked' || !hasFolders}
          onPress={() => void import('../../store/files/open/choose-folder').then((m) => m.chooseFolder(studio))}
        />
      )}
      <Item
        name="Runs"
        help={runs === 'locked' ? LOCKED_HELP : 'Saved runs, the example, and this run as a file'}
        disabled={runs === 'locked'}
        expanded={runsOpen}
        onPress={() => toggleRuns(studio)}
      />
      {present !== 'hidden' && (
        <Item
          name="Present"
          help={present === 'locked' ? LOCKED_HELP : 'One trajectory, large, for a projector and the keyboard'}
          disabled={present === 'locked'}
          onPress={() => openPresent(studio)}
        />
      )}
      {save === 'free' && (
        <Part title="Save">
          {SAVE_KINDS.map((kind) => (
            <SaveItem key={kind.name} kind={kind} />
          ))}
          <OnlyListed />
        </Part>
      )}
      {link === 'free' && (
        <Part title="Copy a link to">
          {LINK_KINDS.map((kind) => (
            <Item key={kind.name} name={kind.name} help={kind.help} onPress={() => void copyLink(studio, kind)} />
          ))}
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <div role="group" aria-label={title} className="file-part">
      <span className="small quiet file-part-title">{title}</span>
      {children}
    </div>
  );
}

interface ItemProps {
  name: string;
  help: string;
  disabled?: boolean;
  expanded?: boolean;
  onPress: () => void;
}

function Item({ name, help, disabled = false, expanded, onPress }: ItemProps): React.JSX.Element {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-describedby={id}
        disabled={disabled}
        aria-expanded={expanded}
        onClick={onPress}
      >
        {name}
      </button>
      <span className="small quiet file-help" id={id}>
        {help}
      </span>
    </>
  );
}

/** The menu stays open: something is saved next. */
function OnlyListed(): React.JSX.Element {
  const studio = useStudio();
  const checked = useStudioState(onlyListed);
  return (
    <label className="small file-listed" onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        checked={checked}
        onChange={({ target }) => studio.store.setState({ onlyListed: target.checked })}
      />
      Only what is listed
    </label>
  );
}

function SaveItem({ kind }: { kind: SaveKind }): React.JSX.Element | null {
  const studio = useStudio();
  const shown = useStudioState((state) => kind.shown?.(state) ?? true);
  const enabled = useStudioState(kind.enabled);
  if (!shown) return null;
  return <Item name={kind.name} help={kind.help} disabled={!enabled} onPress={() => void saveFile(studio, kind)} />;
}
