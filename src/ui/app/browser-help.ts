/** What to do where WebGPU is missing, by browser, system and version: the one place that knows what each of them needs. */

export interface BrowserHelp {
  browser: string;
  advice: string;
}

/** What was found: no `navigator.gpu` at all, or one that offers no adapter. */
export type Lack = 'missing' | 'noAdapter';

/** The user agent only chooses the sentence, never a feature. */
export function browserHelp(userAgent: string, lack: Lack): BrowserHelp {
  if (/iPhone|iPad/.test(userAgent)) return onIos(userAgent, lack);
  if (/Firefox\//.test(userAgent)) return inFirefox(userAgent, lack);
  if (/Android/.test(userAgent)) return onAndroid(lack);
  if (/Chrome\//.test(userAgent)) return inChrome(userAgent, lack);
  if (/Safari\//.test(userAgent)) return inSafari(userAgent, lack);
  return { browser: 'this browser', advice: 'Use a recent Chrome, Edge, Firefox or Safari.' };
}

const ABOUT_SUPPORT = 'about:support, under Graphics, says what WebGPU found and whether the driver is blocked.';

/** Where a release has WebGPU switched on; elsewhere it can be switched on. */
function inFirefox(userAgent: string, lack: Lack): BrowserHelp {
  const browser = 'Firefox';
  const version = versionOf(userAgent, /Firefox\/(\d+)/);
  if (/Android/.test(userAgent)) {
    return {
      browser: 'Firefox for Android',
      advice: 'WebGPU is not on there yet: use Chrome 121 or later on Android 12.',
    };
  }
  if (lack === 'noAdapter') {
    const driver = 'WebGPU is on, but it found no graphics adapter that it may use.';
    const force = 'Update the graphics driver, or set gfx.webgpu.ignore-blocklist to true in about:config and restart.';
    return { browser, advice: `${driver} ${ABOUT_SUPPORT} ${force}` };
  }
  const [system, first] = /Windows/.test(userAgent)
    ? ['Windows', 141]
    : /Macintosh/.test(userAgent)
      ? ['Macs with Apple silicon', 145]
      : ['Linux', Infinity];
  if (version < first && first < Infinity) {
    return { browser, advice: `Update to version ${first} or later, which has WebGPU on ${system}.` };
  }
  const off =
    first === Infinity
      ? 'WebGPU is off by default on Linux.'
      : `WebGPU should be on in version ${version} on ${system}.`;
  return {
    browser,
    advice: `${off} Open about:config, set dom.webgpu.enabled to true and restart Firefox. ${ABOUT_SUPPORT}`,
  };
}

const CHROME_GPU = 'chrome://gpu says why, in the line WebGPU.';

function inChrome(userAgent: string, lack: Lack): BrowserHelp {
  const browser = /Edg\//.test(userAgent) ? 'Edge' : 'Chrome';
  const version = versionOf(userAgent, /Chrome\/(\d+)/);
  if (version < 113) return { browser, advice: 'Update to version 113 or later.' };
  if (/Linux/.test(userAgent)) {
    const flags = '--enable-unsafe-webgpu --enable-features=Vulkan';
    const start = `Start it with ${flags}, or turn on "Unsafe WebGPU Support" and "Vulkan" at chrome://flags, and restart.`;
    const without = 'Without a graphics card add --use-webgpu-adapter=swiftshader.';
    return { browser: `${browser} on Linux`, advice: `${start} ${lack === 'noAdapter' ? without : CHROME_GPU}` };
  }
  const setting = 'Turn on "Use graphics acceleration when available" in its settings, and update the graphics driver.';
  return { browser, advice: `${setting} ${CHROME_GPU}` };
}

function onAndroid(lack: Lack): BrowserHelp {
  const advice = 'Use Chrome 121 or later on Android 12 or later, on a device with a Qualcomm or ARM graphics chip.';
  return {
    browser: 'Android',
    advice: lack === 'noAdapter' ? `${advice} chrome://gpu says what this one has.` : advice,
  };
}

function inSafari(userAgent: string, lack: Lack): BrowserHelp {
  const browser = 'Safari';
  if (versionOf(userAgent, /Version\/(\d+)/) < 26) {
    return { browser, advice: 'Update to Safari 26 or later, which comes with macOS Tahoe.' };
  }
  const flag = 'Turn on WebGPU under Develop, Feature Flags, and restart Safari.';
  return {
    browser,
    advice: lack === 'missing' ? flag : 'Safari found no graphics adapter: another browser may find one.',
  };
}

/** Every browser there is Safari inside. */
function onIos(userAgent: string, lack: Lack): BrowserHelp {
  const browser = 'this iPhone or iPad';
  if (versionOf(userAgent, /OS (\d+)_/) < 26 && versionOf(userAgent, /Version\/(\d+)/) < 26) {
    return {
      browser,
      advice: 'Update to iOS or iPadOS 26 or later; WebGPU is then on in Safari and in every other browser.',
    };
  }
  const flag = 'Turn on WebGPU in Settings, Apps, Safari, Advanced, Feature Flags.';
  return {
    browser,
    advice: lack === 'missing' ? flag : 'Close other tabs and try again: the graphics chip may be out of memory.',
  };
}

/** 0 where it is not said. */
function versionOf(userAgent: string, pattern: RegExp): number {
  return Number(pattern.exec(userAgent)?.[1] ?? 0);
}
