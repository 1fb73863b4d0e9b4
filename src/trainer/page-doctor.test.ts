import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { openNodeGpu } from '../node/node-gpu';
import { findGpu } from './page-doctor';

describe('findGpu', () => {
  it('gives what the browser has', async () => {
    const gpu = await openNodeGpu();
    expect(await findGpu(gpu, true, true)).toBe(gpu);
  });

  it.each([
    { secure: false, inPage: false, says: /not secure.*https/ },
    { secure: true, inPage: true, says: /not in workers.*top of the page/ },
    { secure: true, inPage: false, says: /has no WebGPU.*top of the page/ },
  ])('says why there is none: $says', async ({ secure, inPage, says }) => {
    const error = await findGpu(undefined, secure, inPage).catch((reason: unknown) => reason);
    if (!(error instanceof UserError)) throw error;
    expect(`${error.message} ${error.hint}`).toMatch(says);
  });
});
