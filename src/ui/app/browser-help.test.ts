import { describe, expect, it } from 'vitest';
import { browserHelp, type Lack } from './browser-help';

const chrome = (system: string, version = 140) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
const firefox = (system: string, version: number) =>
  `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
const safari = (system: string, version: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`;

const LINUX = 'X11; Linux x86_64';
const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const PHONE = 'iPhone; CPU iPhone OS 18_0 like Mac OS X';

describe('browserHelp', () => {
  it.each<[string, Lack, browser: string | RegExp, advice: RegExp]>([
    [chrome(LINUX), 'missing', 'Chrome on Linux', /--enable-unsafe-webgpu.*chrome:\/\/gpu/],
    [chrome(LINUX), 'noAdapter', 'Chrome on Linux', /--use-webgpu-adapter=swiftshader/],
    [chrome(WINDOWS, 112), 'missing', 'Chrome', /113 or later/],
    [`${chrome(WINDOWS)} Edg/140.0`, 'missing', 'Edge', /graphics acceleration/],
    [chrome('Linux; Android 11; Pixel 4'), 'missing', 'Android', /121 or later on Android 12/],
    [chrome('Linux; Android 14; Pixel 8'), 'noAdapter', 'Android', /chrome:\/\/gpu/],
    [firefox(LINUX, 153), 'missing', 'Firefox', /off by default on Linux.*dom\.webgpu\.enabled.*about:support/],
    // Switched on, and the driver stands on a list: not again what is done already.
    [firefox(LINUX, 153), 'noAdapter', 'Firefox', /about:support.*gfx\.webgpu\.ignore-blocklist/],
    [firefox(WINDOWS, 140), 'missing', 'Firefox', /141 or later.*Windows/],
    [firefox(WINDOWS, 150), 'missing', 'Firefox', /should be on in version 150.*dom\.webgpu\.enabled/],
    [firefox(MAC, 144), 'missing', 'Firefox', /145 or later.*Apple silicon/],
    [firefox('Android 14; Mobile', 150), 'missing', 'Firefox for Android', /use Chrome/],
    [safari(MAC, '18.1'), 'missing', 'Safari', /Safari 26/],
    [safari(MAC, '26.0'), 'missing', 'Safari', /Feature Flags/],
    [safari(MAC, '26.0'), 'noAdapter', 'Safari', /no graphics adapter/],
    [safari(PHONE, '18.0'), 'missing', /iPhone/, /iOS or iPadOS 26/],
    // The system's number stands still there since 26.
    [safari('iPhone; CPU iPhone OS 18_6 like Mac OS X', '26.1'), 'missing', /iPhone/, /Feature Flags/],
    ['curl/8', 'missing', 'this browser', /recent/],
  ])('tells %s (%s) what to do', (userAgent, lack, browser, advice) => {
    const help = browserHelp(userAgent, lack);
    expect(help.browser).toMatch(browser);
    expect(help.advice).toMatch(advice);
  });

  it('never tells a Firefox that has it on to switch it on', () => {
    expect(browserHelp(firefox(LINUX, 153), 'noAdapter').advice).not.toContain('dom.webgpu.enabled');
  });
});
