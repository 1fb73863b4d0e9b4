/** The whole page takes files that are dropped on it, and says what it takes while one is over it. */
import { useEffect, useState } from 'react';
import { OPENS, openFiles } from '../../store/files/open/open-file';
import { reportRefusal } from '../../store/state/problems';
import { useStudio } from '../studio-context';
import { useAccess } from '../use-access';
import { droppedFiles } from './dropped-files';

export function DropZone(): React.JSX.Element | null {
  const studio = useStudio();
  const [over, setOver] = useState(false);
  const free = useAccess('open') === 'free';
  useEffect(() => {
    if (!free) return undefined;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Without it the browser would leave the page for the file.
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      // Leaving one element for another names where to; leaving the window does not.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      setOver(false);
      droppedFiles(event.dataTransfer).then(
        (files) => openFiles(studio, files),
        (error: unknown) => reportRefusal(studio, error),
      );
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [studio, free]);
  if (!over) return null;
  return (
    <div className="drop-zone">
      <p>
        <b>Drop to open</b>
        <br />
        {OPENS}
      </p>
    </div>
  );
}
