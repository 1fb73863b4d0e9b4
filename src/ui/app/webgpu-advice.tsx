/** What to do where WebGPU is missing. A chunk of its own: most browsers never ask. */
import { useStudioState } from '../studio-context';
import { browserHelp } from './browser-help';

export function Advice(): React.JSX.Element {
  const insecure = useStudioState(({ support }) => support.status === 'missing' && support.insecure);
  const lack = useStudioState(({ support }) => (support.status === 'noAdapter' ? 'noAdapter' : 'missing'));
  const { browser, advice } = browserHelp(navigator.userAgent, lack);
  return (
    <>
      <p>
        {insecure
          ? 'Browsers offer WebGPU only to secure pages: open this page over https:// or from http://localhost.'
          : `For ${browser}: ${advice}`}
      </p>
      <p>
        Only training needs it: recorded runs can be played, searched and inspected, step by step. Open one of your own
        with a .capsule file.
      </p>
    </>
  );
}
