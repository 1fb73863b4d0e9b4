/** What to do where WebGPU is missing. A chunk of its own: most browsers never ask. */
import { useStudioState } from '../studio-context';

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

export function Advice(): React.JSX.Element {
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
