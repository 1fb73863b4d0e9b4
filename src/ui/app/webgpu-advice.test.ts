import { describe, expect, it } from 'vitest';
import { browserHelp } from './webgpu-advice';

const LINUX_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

describe('browserHelp', () => {
  it.each([
    [LINUX_CHROME, 'Chrome', /enable-unsafe-webgpu/],
    [`${LINUX_CHROME.replace('X11; Linux x86_64', 'Windows NT 10.0')} Edg/140.0`, 'Edge', /113 or later/],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox', /dom\.webgpu\.enabled/],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'Safari', /26/],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Version/18.0 Mobile Safari/604.1', /iPhone/, /26/],
    ['curl/8', 'this browser', /recent/],
  ])('tells %s what to do', (userAgent, browser, advice) => {
    const help = browserHelp(userAgent);
    expect(help.browser).toMatch(browser);
    expect(help.advice).toMatch(advice);
  });
});
