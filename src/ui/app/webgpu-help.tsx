import { openDoctor } from '../../store/run/actions';
import { useStudio, useStudioState } from '../studio-context';

interface BrowserHelp {
  browser: string;
  advice: string;
}

/** What the browser at hand needs; the user agent only chooses the sentence, never a feature. */
export function browserHelp(userAgent: string): BrowserHelp {
  if (/iPhone|iPad/.test(userAgent)) {
    return {
      browser: 'this iPhone or iPad',
      advice: 'Update to iOS or iPadOS 26 or later; WebGPU is then on in Safari.',
    };
  }
  if (/Android/.test(userAgent)) {
    return { browser: 'Android', advice: 'Use Chrome 121 or later on Android 12 or later.' };
  }
  if (/Firefox\//.test(userAgent)) {
    return {
      browser: 'Firefox',
      advice:
        'Firefox 141 or later has WebGPU on Windows, 145 or later on Macs with Apple silicon. Elsewhere open about:config, set dom.webgpu.enabled to true and restart Firefox.',
    };
  }
  if (/Chrome\//.test(userAgent)) {
    const linux = /Linux/.test(userAgent);
    return {
      browser: /Edg\//.test(userAgent) ? 'Edge' : 'Chrome',
      advice: linux
        ? 'On Linux start it with --enable-unsafe-webgpu --enable-features=Vulkan, or turn on "Unsafe WebGPU Support" at chrome://flags, and restart.'
        : 'Update to version 113 or later and check that "Use graphics acceleration when available" is on in its settings.',
    };
  }
  if (/Safari\//.test(userAgent)) {
    return { browser: 'Safari', advice: 'Update to Safari 26 or later (macOS Tahoe).' };
  }
  return { browser: 'this browser', advice: 'Use a recent Chrome, Edge, Firefox or Safari.' };
}

export function WebGpuHelp(): React.JSX.Element | null {
  const what = useMissing();
  if (what === null) return null;
  return (
    <div className="message message-problem" role="alert">
      <div>
        <p>
          <b>{what}</b>
        </p>
        <Advice />
      </div>
      <Remedies />
    </div>
  );
}

/** The same within the message on a recording: a line, and the rest behind it. */
export function WebGpuNote(): React.JSX.Element | null {
  const what = useMissing();
  if (what === null) return null;
  return (
    <div role="alert" className="webgpu-note">
      <details>
        <summary>
          <b>{what}</b> <span className="webgpu-more">What to do</span>
        </summary>
        <Advice />
        <Remedies />
      </details>
    </div>
  );
}

function Remedies(): React.JSX.Element {
  const studio = useStudio();
  return (
    <>
      <button type="button" className="button" onClick={() => openDoctor(studio)}>
        Doctor
      </button>{' '}
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Try again
      </button>
    </>
  );
}

/** What is missing, in a sentence; null where training works. */
function useMissing(): string | null {
  const { status } = useStudioState((state) => state.support);
  if (status === 'missing') return 'Cutpoint trains on WebGPU, and this page cannot use it.';
  return status === 'noAdapter' ? 'This browser has WebGPU, but found no graphics adapter to run it on.' : null;
}

function Advice(): React.JSX.Element {
  const insecure = useStudioState(({ support }) => support.status === 'missing' && support.insecure);
  const { browser, advice } = browserHelp(navigator.userAgent);
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
