/** A file that a link names: a link cannot hold it, so whoever opens the link is asked for it. */
import { useRef } from 'react';
import { openFiles } from '../../../store/files/open/open-file';
import { dismissWanted } from '../../../store/files/open/open-rollouts';
import type { OpenedRollouts, WantedRollouts } from '../../../store/state/rollouts-state';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { LOCKED_HELP, useAccess } from '../../use-access';

export function Wanted({ wanted: { name, hash, selection } }: { wanted: WantedRollouts }): React.JSX.Element {
  const studio = useStudio();
  const what = selection === null ? 'a file of rollouts' : `row ${count(selection.row + 1)} of a file of rollouts`;
  return (
    <section className="message rollout-bar" aria-label="A file that the link needs">
      <p>
        The link shows {what}: <b>{name}</b>. A link cannot hold a file: open it, or drop it on the page.{' '}
        <span className="small quiet">Its hash is {hash}.</span>
      </p>
      <div className="rollout-buttons">
        <OpenFile text="Open the file" />
        <button type="button" className="button plain" onClick={() => dismissWanted(studio)}>
          Go without it
        </button>
      </div>
    </section>
  );
}

/** The link was made with other bytes than those on screen. */
export function Another({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const studio = useStudio();
  const wanted = useStudioState((state) => state.rollouts.wanted);
  if (wanted === null || file.hash === null || wanted.hash === file.hash) return null;
  return (
    <p role="status">
      <b>
        {wanted.name === file.name
          ? 'This is another file than the link was made with, though it has the same name'
          : `This is another file than the link was made with: that is ${wanted.name}`}
        .
      </b>{' '}
      Its hash is {file.hash} instead of {wanted.hash}, so no row is selected. <OpenFile text="Open the link’s file" />{' '}
      <button type="button" className="button plain" onClick={() => dismissWanted(studio)}>
        Keep this one
      </button>
    </p>
  );
}

function OpenFile({ text }: { text: string }): React.JSX.Element {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const access = useAccess('open');
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={access !== 'free'}
        title={access === 'locked' ? LOCKED_HELP : undefined}
        onClick={() => input.current?.click()}
      >
        {text}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={text}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file may be chosen again.
          target.value = '';
          void openFiles(studio, files);
        }}
      />
    </>
  );
}
