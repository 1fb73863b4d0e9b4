/** Files and links in and out, in one menu, which is loaded when it is opened. */
import { lazy, Suspense, useRef, useState } from 'react';
import { openFiles } from '../../store/files/open/open-file';
import { Menu } from '../primitives/menu';
import { useStudio } from '../studio-context';

const FileItems = lazy(async () => ({ default: (await import('./file-items')).FileItems }));

export function FileMenu(): React.JSX.Element {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState(false);
  return (
    <span className="file-menu">
      <Menu text="File" onOpen={() => setOpened(true)}>
        {opened && (
          <Suspense>
            <FileItems onOpenFiles={() => input.current?.click()} />
          </Suspense>
        )}
      </Menu>
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
    </span>
  );
}
